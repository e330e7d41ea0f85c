// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <redoubt/base/guarded.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/sealed/shares.hpp>
#include <redoubt/sealed/wrap.hpp>

namespace redoubt::sealed {

/// A KMS key that gave no share, and why.
struct Missing {
    std::string key;  // its ARN
    Error why;
};

/// A wrap, and what is not as it should be though it opened: for the log.
struct Opened {
    WrapKey key;
    /// The KMS keys whose share arrived and is not this wrap's.
    std::vector<std::string> wrong;
    std::vector<Missing> missing;
};

/// Of what no wrap has (threshold, places, a KMS key twice, too many shares), so that no KMS key is
/// asked on its account. Error: wrap_refused.
[[nodiscard]] std::optional<Error> refuse_altered(const Wrap& wrap);

/// Whether asking the same again may help: kms_unavailable, credentials_expired, deadline.
[[nodiscard]] bool is_transient(Code code);

/// Of shares that are to become `wrap`'s: whether every `wrap.threshold` of them give `key`, and
/// that what `wrap.check` tells it by. What is wrong there would lose all that `key` seals.
[[nodiscard]] bool is_whole(const Wrap& wrap, const WrapKey& key, const std::vector<Share>& shares);

/// The wrap's key, of what became of each share: decrypted, or why not, in the order of
/// `wrap.shares`. The first `threshold` that arrived are combined, and if `wrap.check` does not
/// fit, any other choice of them. Errors, which name each KMS key and its reason: wrap_unavailable
/// if the shares that failed for now could open it, else wrap_refused, also by `refuse_altered`.
[[nodiscard]] Result<Opened> open(const Wrap& wrap, std::vector<Result<GuardedBytes>> arrived);

}  // namespace redoubt::sealed
