// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <redoubt/ethereum/slashing.hpp>
#include <redoubt/io/exchange.hpp>
#include <redoubt/signing/release.hpp>

/// The one write that approves a signature, and what needs none.
namespace redoubt::ethereum {

class Chain;
using Committed = signing::Committed<Chain>;
using Signature = signing::Signature<Chain>;
using UnreleasedSignature = signing::UnreleasedSignature<Chain>;

/// What the table answered to a proposal, before anything is made of it.
struct Applied {
    ValidatorRow row;  // as it stands now
};
struct Refused {
    std::optional<ValidatorRow> row;
};
using Verdict = std::variant<Applied, Refused>;

/// Of a message that nobody is slashed for. No row is about it.
[[nodiscard]] Committed commit_nothing(const NotSlashable& message);

/// Ethereum's side of the release gate. What is committed and signed is a signing root, which
/// stands for the digest, too.
class Chain {
public:
    [[nodiscard]] static std::string to_text(crypto::SignatureScheme /*scheme*/,
                                             const crypto::RawSignature& raw) {
        return prefixed_hex({raw.data(), raw.size()});
    }

private:
    friend class PendingCommit;
    friend Committed commit_nothing(const NotSlashable& message);

    /// Error: table_refused, if the row that the table answers is not the one proposed, or forbids
    /// it.
    [[nodiscard]] static Result<Committed> judge(const Proposal& proposal, const Applied& applied);
    /// Errors: those of the rule; table_refused, if the row allows it.
    [[nodiscard]] static Result<Committed> judge(const Proposal& proposal, const Refused& refused);
    [[nodiscard]] static Committed judge(const NotSlashable& message);
};

}  // namespace redoubt::ethereum

// Made once, in commit.cpp: nobody else can put something of their own in their place.
namespace redoubt::signing {
extern template class Committed<ethereum::Chain>;
extern template class Signature<ethereum::Chain>;
extern template class UnreleasedSignature<ethereum::Chain>;
extern template Result<ethereum::Signature> release(ethereum::Committed,
                                                    ethereum::UnreleasedSignature);
}  // namespace redoubt::signing

namespace redoubt::ethereum {

/// A commit under way.
class PendingCommit {
public:
    PendingCommit(const PendingCommit&) = delete;
    PendingCommit& operator=(const PendingCommit&) = delete;
    virtual ~PendingCommit() = default;

    /// What a runner is given.
    [[nodiscard]] virtual io::Exchange& exchange() = 0;
    /// Call once, after the runner returned. Errors: the rule's, damaged_row, table_refused,
    /// table_unavailable, credentials_expired, deadline.
    [[nodiscard]] Result<Committed> outcome();

protected:
    explicit PendingCommit(Proposal proposal) : proposal_(std::move(proposal)) {}
    [[nodiscard]] const Proposal& proposal() const { return proposal_; }

private:
    /// What the table answered; an Error if it did not, or if its row is damaged.
    [[nodiscard]] virtual Result<Verdict> verdict() = 0;

    Proposal proposal_;
};

}  // namespace redoubt::ethereum
