// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/tezos/sealed_keys.hpp>
#include <redoubt/tezos/ports.hpp>

namespace redoubt::tezos_adapters {

/// Signs here, with keys that were sealed; each signature is verified before anybody sees it. Keys
/// and clock outlive it; each key that is asked for is one of theirs.
class BlsSigner final : public tezos::Signer {
public:
    BlsSigner(SealedKeys& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

    [[nodiscard]] std::optional<Error> prepare(const tezos::KeyInfo& key,
                                               SteadyTime deadline) override {
        return keys_.prepare(key, deadline);
    }
    [[nodiscard]] std::unique_ptr<tezos::PendingSignature> begin(
        const tezos::KeyInfo& key, ByteView payload, const tezos::Digest& digest) override;
    [[nodiscard]] Result<tezos::RawSignature> prove_possession(
        const tezos::KeyInfo& key, const crypto::PublicKey& of) override;

private:
    SealedKeys& keys_;
    const Clock& clock_;
};

/// Each key by the signer that holds it.
class SignerByScheme final : public tezos::Signer {
public:
    SignerByScheme(tezos::Signer& bls, tezos::Signer& others) : bls_(bls), others_(others) {}

    [[nodiscard]] std::optional<Error> prepare(const tezos::KeyInfo& key,
                                               SteadyTime deadline) override {
        return holder(key).prepare(key, deadline);
    }
    [[nodiscard]] std::unique_ptr<tezos::PendingSignature> begin(
        const tezos::KeyInfo& key, ByteView payload, const tezos::Digest& digest) override {
        return holder(key).begin(key, payload, digest);
    }
    [[nodiscard]] Result<tezos::RawSignature> prove_possession(
        const tezos::KeyInfo& key, const crypto::PublicKey& of) override {
        return holder(key).prove_possession(key, of);
    }

private:
    [[nodiscard]] tezos::Signer& holder(const tezos::KeyInfo& key) {
        return key.public_key.scheme() == crypto::SignatureScheme::Bls12381 ? bls_ : others_;
    }

    tezos::Signer& bls_;
    tezos::Signer& others_;
};

}  // namespace redoubt::tezos_adapters
