// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <redoubt/tezos/commit.hpp>

/// What signing needs from outside: a table that remembers, and a key that signs. Both are begun
/// here, run by an `io::ExchangeRunner` (several at once), and asked for their outcome afterwards.
namespace redoubt::tezos {

/// A signature under way.
class PendingSignature {
public:
    PendingSignature() = default;
    PendingSignature(const PendingSignature&) = delete;
    PendingSignature& operator=(const PendingSignature&) = delete;
    virtual ~PendingSignature() = default;

    /// What a runner is given: a LocalExchange if the key is in this process.
    [[nodiscard]] virtual io::Exchange& exchange() = 0;
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
    /// The store, and the key and the message that the proposal names, outlive what is begun.
    [[nodiscard]] virtual std::unique_ptr<PendingCommit> begin(Proposal proposal) = 0;
};

/// Holds the secret keys.
class Signer {
public:
    Signer() = default;
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    virtual ~Signer() = default;

    /// Called before anything is committed, for a request that nothing speaks against: brings the
    /// key to where it can sign, and may block until `deadline` for that. The error refuses the
    /// request. A key that is always ready needs nothing.
    [[nodiscard]] virtual std::optional<Error> prepare(const KeyInfo& /*key*/,
                                                       SteadyTime /*deadline*/) {
        return std::nullopt;
    }

    /// `digest` is BLAKE2b-256 of `payload`; which of the two is signed is the scheme's matter.
    /// All outlive what is begun.
    [[nodiscard]] virtual std::unique_ptr<PendingSignature> begin(const KeyInfo& key,
                                                                  ByteView payload,
                                                                  const Digest& digest) = 0;

    /// A proof that who holds `key`, which is a tz4 key, vouches for `of`. Without a call: a key
    /// that is not at hand is an error. Errors: unknown_route, if the signer has no such key.
    [[nodiscard]] virtual Result<RawSignature> prove_possession(const KeyInfo& key,
                                                                const PublicKey& of);
};

}  // namespace redoubt::tezos
