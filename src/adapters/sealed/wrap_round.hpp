// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <redoubt/adapters/sealed/unsealing.hpp>
#include <redoubt/aws/operation.hpp>

namespace redoubt::sealed_adapters {

/// So long the rest is waited for once enough shares have arrived: for a KMS key that is well, but
/// in a Region far away, and not for a Region that answers nothing.
inline constexpr Milliseconds time_for_the_rest{500};

class ShareCall;

/// The calls for one wrap, which `refuse_altered` lets pass, and what comes of them. Pinned: its
/// calls refer to it.
class WrapRound {
public:
    WrapRound(const SealedSources& sources, sealed::Wrap wrap, sealed::Purpose purpose);
    WrapRound(const WrapRound&) = delete;
    WrapRound& operator=(const WrapRound&) = delete;
    ~WrapRound();

    /// Adds what is to be run: a call for each share.
    void begin(std::vector<io::Exchange*>& exchanges);
    /// Once each time, after they were run.
    [[nodiscard]] Result<sealed::Opened> outcome();
    /// Of one that stayed closed: as many KMS keys answered as open it, so one of the answers was
    /// false, or what the table says is.
    [[nodiscard]] bool was_answered() const;

private:
    friend class ShareCall;
    [[nodiscard]] aws::Operation decryption(std::size_t share) const;
    [[nodiscard]] SteadyTime give_up_at() const;
    void on_end(std::size_t share);
    [[nodiscard]] Result<GuardedBytes> read(std::size_t share);
    [[nodiscard]] bool is_enough() const;
    [[nodiscard]] SteadyTime steady() const;

    const SealedSources& sources_;
    sealed::Wrap wrap_;
    sealed::Purpose purpose_;
    // In the order of the wrap's shares. Null: under a KMS key that is not ours.
    std::vector<const aws::KeyArn*> arns_;
    std::vector<std::unique_ptr<ShareCall>> calls_;
    std::vector<std::optional<Result<GuardedBytes>>> arrived_;  // nothing: not yet
    std::optional<SteadyTime> enough_since_;
};

}  // namespace redoubt::sealed_adapters
