// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <redoubt/io/exchange.hpp>
#include <redoubt/signing/release.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The one write that approves a signature: what is proposed, what the table answers, and what
/// follows.
namespace redoubt::tezos {

class Chain;
using Committed = signing::Committed<Chain>;
using Signature = signing::Signature<Chain>;
using UnreleasedSignature = signing::UnreleasedSignature<Chain>;

/// What commits a block together with its one signature. Throws if that is of another message.
[[nodiscard]] Proposal block_proposal(const KeyInfo& key, const SigningPosition& position,
                                      const Message& message, const UnreleasedSignature& signature);

/// What the table answered to a proposal, before anything is made of it.
struct Applied {
    Row row;  // as it stands now
    /// How far the proposal's pace is beyond the row's: more than nothing only if the write needed
    /// the slack. Then the watermark runs ahead of the clock.
    Milliseconds ahead{0};
};
struct Refused {
    std::optional<Row> row;
};
using Verdict = std::variant<Applied, Refused>;

/// Tezos' side of the release gate.
class Chain {
public:
    [[nodiscard]] static std::string to_text(SignatureScheme scheme, const RawSignature& raw) {
        return tezos::to_text(scheme, raw);
    }

private:
    friend class PendingCommit;
    friend Proposal block_proposal(const KeyInfo& key, const SigningPosition& position,
                                   const Message& message, const UnreleasedSignature& signature);

    /// Error: table_refused, if the row that the table answers is not the one proposed, or forbids
    /// it.
    [[nodiscard]] static Result<Committed> judge(const Proposal& proposal, const Applied& applied);
    /// A refusal whose row holds the same position and digest is a commit, too; for a block it must
    /// come with the stored signature. Errors: the five of the watermark, damaged_row.
    [[nodiscard]] static Result<Committed> judge(const Proposal& proposal, const Refused& refused);
    [[nodiscard]] static std::string text_of(const UnreleasedSignature& signature);
};

}  // namespace redoubt::tezos

// Made once, in commit.cpp: nobody else can put something of their own in their place.
namespace redoubt::signing {
extern template class Committed<tezos::Chain>;
extern template class Signature<tezos::Chain>;
extern template class UnreleasedSignature<tezos::Chain>;
extern template Result<tezos::Signature> release(tezos::Committed, tezos::UnreleasedSignature);
}  // namespace redoubt::signing

namespace redoubt::tezos {

/// A commit under way.
class PendingCommit {
public:
    PendingCommit(const PendingCommit&) = delete;
    PendingCommit& operator=(const PendingCommit&) = delete;
    virtual ~PendingCommit() = default;

    /// What a runner is given.
    [[nodiscard]] virtual io::Exchange& exchange() = 0;
    /// Call once, after the runner returned. Errors: the watermark's, damaged_row, table_refused,
    /// table_unavailable, credentials_expired, deadline.
    [[nodiscard]] Result<Committed> outcome();
    /// Applied::ahead, if `outcome` was a commit of just now; nothing if the row held it before.
    [[nodiscard]] std::optional<Milliseconds> ahead() const { return ahead_; }

protected:
    explicit PendingCommit(Proposal proposal) : proposal_(std::move(proposal)) {}
    [[nodiscard]] const Proposal& proposal() const { return proposal_; }

private:
    /// What the table answered; an Error if it did not, or if its row is damaged.
    [[nodiscard]] virtual Result<Verdict> verdict() = 0;

    Proposal proposal_;
    std::optional<Milliseconds> ahead_;
};

}  // namespace redoubt::tezos
