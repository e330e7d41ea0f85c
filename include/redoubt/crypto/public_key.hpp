// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <redoubt/base/bytes.hpp>
#include <redoubt/crypto/message.hpp>
#include <redoubt/crypto/signature.hpp>

namespace redoubt::crypto {

namespace bls {
struct PointAccess;  // bls_points.hpp
}

/// Whether an ECDSA s above half the group order is taken. octez takes it on P-256 and refuses it
/// on secp256k1; what this signer makes has a low s on both.
enum class HighS { Refused, AcceptedOnP256 };

/// A point that was checked to lie on its curve. Cheap to copy.
class PublicKey {
public:
    /// `encoded`: 32 bytes for Ed25519, 33 (compressed) for ECDSA, 48 (compressed, in G1) for BLS.
    /// Nothing if it is no point, or not one of the scheme's group.
    [[nodiscard]] static std::optional<PublicKey> parse(SignatureScheme scheme, ByteView encoded);

    /// From a DER SubjectPublicKeyInfo as KMS GetPublicKey answers it: exactly the three forms of
    /// RFC 5480 (named curve, uncompressed point) and RFC 8410.
    [[nodiscard]] static std::optional<PublicKey> parse_spki(ByteView der);

    [[nodiscard]] SignatureScheme scheme() const { return scheme_; }
    /// The bytes that `parse` reads.
    [[nodiscard]] const Bytes& encoded() const { return encoded_; }

    /// ECDSA over the digest itself; pure Ed25519 with the digest as its message; BLS over the
    /// bytes, in the proof-of-possession scheme.
    [[nodiscard]] bool verify(const Message& message, const RawSignature& signature,
                              HighS high_s) const;

    friend bool operator==(const PublicKey& a, const PublicKey& b) {
        return a.scheme_ == b.scheme_ && a.encoded_ == b.encoded_;
    }

private:
    friend struct bls::PointAccess;
    struct Parsed;
    PublicKey(SignatureScheme scheme, Bytes encoded, std::shared_ptr<const Parsed> parsed);

    SignatureScheme scheme_;
    Bytes encoded_;
    std::shared_ptr<const Parsed> parsed_;
};

}  // namespace redoubt::crypto
