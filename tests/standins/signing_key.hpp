// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/public_key.hpp>

namespace redoubt::standins {

/// A fresh private key of one of the three schemes. Signs as KMS does, by OpenSSL: ECDSA in DER
/// with a random nonce and whatever s comes out; pure Ed25519 in 64 bytes.
class SigningKey {
public:
    explicit SigningKey(crypto::SignatureScheme scheme);

    [[nodiscard]] crypto::SignatureScheme scheme() const { return scheme_; }
    /// DER SubjectPublicKeyInfo.
    [[nodiscard]] Bytes spki() const;
    [[nodiscard]] crypto::PublicKey public_key() const;
    /// The 32 bytes that Tezos writes as edsk, spsk or p2sk.
    [[nodiscard]] Bytes secret() const;

    /// ECDSA: `message` is the digest. Ed25519: the message itself.
    [[nodiscard]] Bytes sign(ByteView message) const;
    /// The same as r and s (or R and S), with a low s.
    [[nodiscard]] crypto::RawSignature sign_raw(const crypto::Digest& digest) const;

private:
    crypto::SignatureScheme scheme_;
    Handle<EVP_PKEY, EVP_PKEY_free> key_;
};

/// The DER signature with the other s, group order - s, if its s is not as wanted.
[[nodiscard]] Bytes with_s(crypto::SignatureScheme scheme, ByteView der, bool high);

}  // namespace redoubt::standins
