// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <redoubt/adapters/sealed/wrap_table.hpp>
#include <redoubt/aws/kms/regions.hpp>
#include <redoubt/aws/service.hpp>
#include <redoubt/io/exchange.hpp>
#include <redoubt/sealed/opening.hpp>

namespace redoubt::sealed_adapters {

/// Where sealed keys come from, and who opens them. All of it outlives who is given it.
struct SealedSources {
    aws::Service& dynamodb;
    const std::string& table;
    aws::kms::Regions& kms;
    const std::vector<aws::KeyArn>& wrapping_keys;  // no other KMS key is asked
    io::ExchangeRunner& runner;
};

/// Tells the runner that KMS is asked for shares soon, so that it connects while the table is read.
void expect_kms(const SealedSources& sources);

/// The key of a wrap that was read, by one round of KMS. Errors: wrap_unavailable, wrap_refused,
/// credentials_expired.
[[nodiscard]] Result<sealed::Opened> open_wrap(const SealedSources& sources,
                                               const sealed::Wrap& wrap, sealed::Purpose purpose,
                                               SteadyTime deadline);

/// A wrap's key, or why it stays closed.
using OpenWraps = std::map<std::string, Result<sealed::Opened>>;  // by the wrap's id

/// Items of wraps that were read already, by the wraps' ids.
using ReadWraps = std::map<std::string, Json>;

/// Opens wraps: one consistent read of those that are not in `read`, then all shares at once,
/// `beside` with them; a share that is not there 500 ms after enough others is missing. Errors:
/// wrap_unavailable, wrap_refused, credentials_expired.
[[nodiscard]] OpenWraps open_wraps(const SealedSources& sources, const WrapLayout& layout,
                                   const std::vector<sealed::WrapId>& ids,
                                   std::span<io::Exchange* const> beside, SteadyTime deadline,
                                   ReadWraps read = {});

/// The same of items that were read already, one for each id; null where there is none.
[[nodiscard]] OpenWraps open_read_wraps(const SealedSources& sources, const WrapLayout& layout,
                                        const std::vector<sealed::WrapId>& ids,
                                        const std::vector<Result<Json>>& items,
                                        std::span<io::Exchange* const> beside, SteadyTime deadline);

/// Whether the next attempt at what stayed closed may find it otherwise at once. What is not
/// passing is tried again, too, but at most every `pause_after_refusal`, so that a KMS key that was
/// switched on again heals.
[[nodiscard]] bool is_passing(Code code);
inline constexpr Milliseconds pause_after_refusal{5000};
/// `refused_at`: the last time, if what it was refused by stays.
[[nodiscard]] bool may_try_again(const std::optional<Moment>& refused_at, const Moment& now);

/// An attempt to open keys, or wraps, for the log.
struct Opening {
    std::vector<std::string> opened;                    // by name
    std::vector<std::pair<std::string, Error>> closed;  // by name, each with the reason
    std::vector<std::string> wrong_shares;              // KMS keys, though the wrap opened
    std::vector<sealed::Missing> missing_shares;        // likewise
    std::chrono::duration<double, std::milli> spent{};

    /// What is not as it should be of those that opened.
    void add_shares(const OpenWraps& wraps);
};

/// A read that failed, as one who needs a sealed key has to see it.
[[nodiscard]] Error without_items(const Error& error);

}  // namespace redoubt::sealed_adapters
