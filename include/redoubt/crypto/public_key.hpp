// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <redoubt/base/bytes.hpp>
#include <redoubt/crypto/signature.hpp>

namespace redoubt::crypto {

using Digest = ByteArray<32>;

/// Whether an ECDSA s above half the group order is taken. octez takes it on P-256 and refuses it
/// on secp256k1; what this signer makes has a low s on both.
enum class HighS { Refused, AcceptedOnP256 };

/// A point that was checked to lie on its curve. Cheap to copy.
class PublicKey {
public:
    /// `encoded`: 32 bytes for Ed25519, 33 (compressed) for the others. Nothing if it is no point.
    [[nodiscard]] static std::optional<PublicKey> parse(SignatureScheme scheme, ByteView encoded);

    /// From a DER SubjectPublicKeyInfo as KMS GetPublicKey answers it: exactly the three forms of
    /// RFC 5480 (named curve, uncompressed point) and RFC 8410.
    [[nodiscard]] static std::optional<PublicKey> parse_spki(ByteView der);

    [[nodiscard]] SignatureScheme scheme() const { return scheme_; }
    /// The bytes that `parse` reads.
    [[nodiscard]] const Bytes& encoded() const { return encoded_; }

    /// ECDSA over the digest itself; pure Ed25519 with the digest as its message.
    [[nodiscard]] bool verify(const Digest& digest, const RawSignature& signature,
                              HighS high_s) const;

    friend bool operator==(const PublicKey& a, const PublicKey& b) {
        return a.scheme_ == b.scheme_ && a.encoded_ == b.encoded_;
    }

private:
    struct Parsed;
    PublicKey(SignatureScheme scheme, Bytes encoded, std::shared_ptr<const Parsed> parsed);

    SignatureScheme scheme_;
    Bytes encoded_;
    std::shared_ptr<const Parsed> parsed_;
};

}  // namespace redoubt::crypto
