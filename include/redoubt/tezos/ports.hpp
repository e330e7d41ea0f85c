// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include <redoubt/http/exchange.hpp>
#include <redoubt/tezos/release.hpp>

/// What signing needs from outside: a table that remembers, and a key that signs. Both are begun
/// here, driven by an `http::ExchangeRunner` (several at once), and asked for their outcome
/// afterwards.
namespace redoubt::tezos {

/// A commit under way.
class PendingCommit : public http::Exchange {
public:
    /// Call once, after the runner returned. Errors: the watermark's, damaged_row, table_refused,
    /// table_unavailable, credentials_expired, deadline.
    [[nodiscard]] Result<Committed> outcome();

protected:
    explicit PendingCommit(Proposal proposal) : proposal_(std::move(proposal)) {}
    [[nodiscard]] const Proposal& proposal() const { return proposal_; }

private:
    /// What the table said; an Error if it never said anything. A damaged row is an Error.
    [[nodiscard]] virtual Result<std::variant<Applied, Refused>> verdict() = 0;

    Proposal proposal_;
};

/// A signature under way.
class PendingSignature : public http::Exchange {
public:
    /// Call once, after the runner returned. Errors: kms_unavailable, kms_refused, bad_signature,
    /// credentials_expired, deadline.
    [[nodiscard]] virtual Result<UnreleasedSignature> outcome() = 0;
};

/// The table of watermarks.
class WatermarkStore {
public:
    WatermarkStore() = default;
    WatermarkStore(const WatermarkStore&) = delete;
    WatermarkStore& operator=(const WatermarkStore&) = delete;
    virtual ~WatermarkStore() = default;

    /// The refusal of a position that this process has already seen to be below the watermark; no
    /// call.
    [[nodiscard]] virtual std::optional<Error> refuses(const SigningPosition& position) const = 0;
    [[nodiscard]] virtual std::unique_ptr<PendingCommit> begin(Proposal proposal) = 0;
};

/// Holds the secret keys.
class Signer {
public:
    Signer() = default;
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    virtual ~Signer() = default;

    [[nodiscard]] virtual std::unique_ptr<PendingSignature> begin(const KeyInfo& key,
                                                                  const Digest& digest) = 0;
};

}  // namespace redoubt::tezos
