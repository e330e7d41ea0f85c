// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <redoubt/tezos/ports.hpp>

#include "secret_key.hpp"

namespace redoubt::test {

/// Signs with real keys, each time anew.
class LocalSigner final : public tezos::Signer {
public:
    explicit LocalSigner(std::vector<SecretKey> secret_keys) : keys(std::move(secret_keys)) {}

    [[nodiscard]] std::unique_ptr<tezos::PendingSignature> begin(
        const tezos::KeyInfo& key, ByteView payload, const tezos::Digest& digest) override;

    [[nodiscard]] std::optional<Error> prepare(const tezos::KeyInfo& key,
                                               SteadyTime deadline) override;
    [[nodiscard]] Result<tezos::RawSignature> prove_possession(const tezos::KeyInfo& key,
                                                               const tezos::PublicKey& of) override;

    std::vector<SecretKey> keys;
    int signatures_asked = 0;
    /// While set, every signature fails so.
    std::optional<Error> trouble;
    /// While set, no key is open.
    std::optional<Error> not_ready;
    int times_prepared = 0;
    /// While set, every proof is of this key.
    std::optional<tezos::PublicKey> proof_of;

private:
    [[nodiscard]] const SecretKey& held(const tezos::KeyInfo& key) const;
};

}  // namespace redoubt::test
