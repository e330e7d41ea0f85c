// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include <redoubt/crypto/bls.hpp>
#include <redoubt/tezos/commit.hpp>

namespace redoubt::test {

/// Those of which KMS holds keys.
inline constexpr std::array kms_schemes = {tezos::SignatureScheme::Ed25519,
                                           tezos::SignatureScheme::Secp256k1,
                                           tezos::SignatureScheme::P256};
inline constexpr std::array schemes = {
    tezos::SignatureScheme::Ed25519, tezos::SignatureScheme::Secp256k1,
    tezos::SignatureScheme::P256, tezos::SignatureScheme::Bls12381};

/// A real key of one of the schemes. ECDSA signatures are randomised, as those of KMS are.
class SecretKey {
public:
    /// Of an `edsk` seed, an `spsk`, a `p2sk` or a `BLsk` text.
    explicit SecretKey(std::string_view text);
    SecretKey(tezos::SignatureScheme scheme, const ByteArray<32>& secret);

    [[nodiscard]] const tezos::KeyInfo& named() const { return named_; }
    [[nodiscard]] tezos::SignatureScheme scheme() const { return named_.public_key.scheme(); }

    /// With a low s.
    [[nodiscard]] tezos::RawSignature sign(const tezos::Message& message) const;
    /// Not by a BLS key, nor the three below.
    [[nodiscard]] tezos::RawSignature sign(const tezos::Digest& digest) const;
    [[nodiscard]] tezos::RawSignature prove_possession(const crypto::PublicKey& of) const;
    /// The same signature each time, with a low s: for what is measured. (Not as RFC 6979 says.)
    [[nodiscard]] tezos::RawSignature sign_reproducibly(const tezos::Digest& digest) const;
    /// As KMS answers: DER with whatever s came out, or the 64 bytes of Ed25519.
    [[nodiscard]] Bytes sign_as_kms(const tezos::Digest& digest) const;
    /// As KMS shows its public key.
    [[nodiscard]] Bytes spki() const;

private:
    [[nodiscard]] crypto::bls::SecretKey bls() const;

    ByteArray<32> secret_;  // big-endian
    tezos::KeyInfo named_;
};

/// A message of which only the digest counts, as for all schemes but BLS.
[[nodiscard]] inline tezos::Message of_digest(const tezos::Digest& digest) { return {{}, digest}; }

/// The text of a signature that was not released, as a block's row would keep it.
[[nodiscard]] std::string unreleased_text(const tezos::KeyInfo& key,
                                          const tezos::UnreleasedSignature& signature);

/// The other valid ECDSA signature: s replaced by the order minus s.
[[nodiscard]] tezos::RawSignature twin_of(tezos::SignatureScheme scheme,
                                          const tezos::RawSignature& signature);

/// Strict DER of an ECDSA signature.
[[nodiscard]] Bytes to_der(const tezos::RawSignature& signature);

}  // namespace redoubt::test
