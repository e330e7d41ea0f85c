// SPDX-License-Identifier: Apache-2.0
#include "signing_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>

#include <algorithm>
#include <stdexcept>

#include <redoubt/crypto/ecdsa.hpp>

namespace redoubt::standins {

namespace {

using crypto::SignatureScheme;

void must(bool fine, const char* what) {
    if (!fine) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

EVP_PKEY* generate_on(std::string curve) {
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data());
}

EVP_PKEY* generate(SignatureScheme scheme) {
    switch (scheme) {
        case SignatureScheme::Ed25519: return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        case SignatureScheme::Secp256k1: return generate_on("secp256k1");
        case SignatureScheme::P256: return generate_on("P-256");
        case SignatureScheme::Bls12381: break;  // no key of KMS has it
    }
    return nullptr;
}

Bytes ec_sign(EVP_PKEY* key, ByteView digest) {
    const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new(key, nullptr));
    Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
    std::size_t size = out.size();
    must(context && EVP_PKEY_sign_init(context.get()) == 1 &&
             EVP_PKEY_sign(context.get(), out.data(), &size, digest.data(), digest.size()) == 1,
         "ECDSA");
    out.resize(size);
    return out;
}

Bytes ed25519_sign(EVP_PKEY* key, ByteView message) {
    const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    Bytes out(64);
    std::size_t size = out.size();
    must(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
             EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) == 1,
         "Ed25519");
    return out;
}

}  // namespace

SigningKey::SigningKey(SignatureScheme scheme) : scheme_(scheme), key_(generate(scheme)) {
    must(key_ != nullptr, "key generation");
}

Bytes SigningKey::spki() const {
    const int size = i2d_PUBKEY(key_.get(), nullptr);
    must(size > 0, "public key");
    Bytes out(static_cast<std::size_t>(size));
    unsigned char* to = out.data();
    must(i2d_PUBKEY(key_.get(), &to) == size, "public key");
    return out;
}

crypto::PublicKey SigningKey::public_key() const {
    auto parsed = crypto::PublicKey::parse_spki(spki());
    must(parsed.has_value(), "form of a public key");
    return *std::move(parsed);
}

Bytes SigningKey::secret() const {
    Bytes out(32);
    if (scheme_ == SignatureScheme::Ed25519) {
        std::size_t size = out.size();
        must(EVP_PKEY_get_raw_private_key(key_.get(), out.data(), &size) == 1, "secret");
        return out;
    }
    BIGNUM* scalar = nullptr;
    must(EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1, "secret");
    const Handle<BIGNUM, BN_clear_free> owned(scalar);
    must(BN_bn2binpad(scalar, out.data(), 32) == 32, "secret");
    return out;
}

Bytes SigningKey::sign(ByteView message) const {
    return scheme_ == SignatureScheme::Ed25519 ? ed25519_sign(key_.get(), message)
                                               : ec_sign(key_.get(), message);
}

crypto::RawSignature SigningKey::sign_raw(const crypto::Digest& digest) const {
    const Bytes signature = sign(digest);
    if (scheme_ == SignatureScheme::Ed25519) {
        return crypto::RawSignature(signature);
    }
    const auto raw = crypto::parse_der_signature(scheme_, signature);
    must(raw.has_value(), "form of a signature");
    return crypto::with_low_s(scheme_, *raw);
}

Bytes with_s(SignatureScheme scheme, ByteView der, bool high) {
    const unsigned char* from = der.data();
    const Handle<ECDSA_SIG, ECDSA_SIG_free> read(
        d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size())));
    const Handle<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(
        scheme == SignatureScheme::P256 ? NID_X9_62_prime256v1 : NID_secp256k1));
    must(read && group, "form of a signature");
    const BIGNUM* order = EC_GROUP_get0_order(group.get());
    const BIGNUM* s = ECDSA_SIG_get0_s(read.get());
    Handle<BIGNUM, BN_free> other(BN_new());
    must(other && BN_sub(other.get(), order, s) == 1, "arithmetic");
    if ((BN_cmp(s, other.get()) > 0) == high) return {der.begin(), der.end()};

    Handle<BIGNUM, BN_free> r(BN_dup(ECDSA_SIG_get0_r(read.get())));
    const Handle<ECDSA_SIG, ECDSA_SIG_free> made(ECDSA_SIG_new());
    must(r && made, "memory");
    must(ECDSA_SIG_set0(made.get(), r.release(), other.release()) == 1, "signature");
    Bytes out(static_cast<std::size_t>(i2d_ECDSA_SIG(made.get(), nullptr)));
    unsigned char* to = out.data();
    i2d_ECDSA_SIG(made.get(), &to);
    return out;
}

}  // namespace redoubt::standins
