// SPDX-License-Identifier: Apache-2.0
#include "secret_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <secp256k1.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/randombytes.h>

#include <algorithm>
#include <stdexcept>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/base58.hpp>

namespace redoubt::test {
namespace {

using tezos::Digest;
using tezos::RawSignature;
using tezos::SignatureScheme;

using EvpKey = Handle<EVP_PKEY, EVP_PKEY_free>;
using EvpContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using EcGroup = Handle<EC_GROUP, EC_GROUP_free>;
using EcPoint = Handle<EC_POINT, EC_POINT_free>;
using NumberContext = Handle<BN_CTX, BN_CTX_free>;
using EcdsaSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using BigNumber = Handle<BIGNUM, BN_free>;
using Secp256k1 = Handle<secp256k1_context, secp256k1_context_destroy>;

void must(bool fine) {
    if (!fine) throw std::runtime_error("a test key: OpenSSL or libsodium refused");
}

EcGroup group_of(SignatureScheme scheme) {
    EcGroup group(EC_GROUP_new_by_curve_name(
        scheme == SignatureScheme::Secp256k1 ? NID_secp256k1 : NID_X9_62_prime256v1));
    must(group != nullptr);
    return group;
}

BigNumber number(ByteView bytes) {
    BigNumber value(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    must(value != nullptr);
    return value;
}

Bytes point_of(SignatureScheme scheme, const ByteArray<32>& secret, point_conversion_form_t form) {
    const EcGroup group = group_of(scheme);
    const EcPoint point(EC_POINT_new(group.get()));
    must(point && EC_POINT_mul(group.get(), point.get(), number(secret).get(), nullptr, nullptr,
                               nullptr) == 1);
    Bytes out(65);
    out.resize(EC_POINT_point2oct(group.get(), point.get(), form, out.data(), out.size(), nullptr));
    must(!out.empty());
    return out;
}

/// libsodium's 64-byte form: the seed, then the public key.
ByteArray<64> ed25519_secret(const ByteArray<32>& seed, ByteArray<32>& public_key) {
    ByteArray<64> secret{};
    must(crypto_sign_ed25519_seed_keypair(public_key.data(), secret.data(), seed.data()) == 0);
    return secret;
}

Bytes public_bytes(SignatureScheme scheme, const ByteArray<32>& secret) {
    if (scheme == SignatureScheme::Bls12381) {
        return crypto::bls::SecretKey::parse(secret).value().public_key().encoded();
    }
    if (scheme != SignatureScheme::Ed25519)
        return point_of(scheme, secret, POINT_CONVERSION_COMPRESSED);
    ByteArray<32> key{};
    ed25519_secret(secret, key);
    return {key.begin(), key.end()};
}

EvpKey evp_key(SignatureScheme scheme, const ByteArray<32>& secret) {
    std::string group = scheme == SignatureScheme::Secp256k1 ? "secp256k1" : "P-256";
    Bytes point = point_of(scheme, secret, POINT_CONVERSION_UNCOMPRESSED);
    ByteArray<32> native = secret;  // OSSL_PARAM numbers are little-endian here
    std::ranges::reverse(native);
    std::array<OSSL_PARAM, 4> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native.data(), native.size()),
        OSSL_PARAM_construct_end()};
    const EvpContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    must(context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
         EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.data()) == 1);
    return EvpKey(key);
}

/// ECDSA with a nonce that secret and digest decide.
RawSignature sign_ecdsa_reproducibly(SignatureScheme scheme, const ByteArray<32>& secret,
                                     const Digest& digest) {
    const EcGroup group = group_of(scheme);
    const BIGNUM* const order = EC_GROUP_get0_order(group.get());
    const NumberContext context(BN_CTX_new());
    Bytes seed(secret.begin(), secret.end());
    append(seed, digest);
    const BigNumber nonce = number(crypto::blake2b_256(seed));
    const BigNumber r(BN_new()), s(BN_new());
    const EcPoint point(EC_POINT_new(group.get()));
    must(context && r && s && point && BN_nnmod(nonce.get(), nonce.get(), order, context.get()) &&
         EC_POINT_mul(group.get(), point.get(), nonce.get(), nullptr, nullptr, context.get()) &&
         EC_POINT_get_affine_coordinates(group.get(), point.get(), r.get(), nullptr,
                                         context.get()) &&
         BN_nnmod(r.get(), r.get(), order, context.get()));
    // s = (digest + r * secret) / nonce
    must(BN_mod_mul(s.get(), r.get(), number(secret).get(), order, context.get()) &&
         BN_mod_add(s.get(), s.get(), number(digest).get(), order, context.get()) &&
         BN_mod_inverse(nonce.get(), nonce.get(), order, context.get()) &&
         BN_mod_mul(s.get(), s.get(), nonce.get(), order, context.get()));
    ByteArray<64> raw{};
    must(BN_bn2binpad(r.get(), raw.data(), 32) == 32 &&
         BN_bn2binpad(s.get(), raw.data() + 32, 32) == 32);
    return raw;
}

/// A hundred times faster than OpenSSL's. The s is low.
RawSignature sign_secp256k1(const ByteArray<32>& secret, const Digest& digest) {
    const Secp256k1 context(secp256k1_context_create(SECP256K1_CONTEXT_NONE));
    ByteArray<32> random{};
    randombytes_buf(random.data(), random.size());
    secp256k1_ecdsa_signature signature{};
    ByteArray<64> raw{};
    must(secp256k1_ecdsa_sign(context.get(), &signature, digest.data(), secret.data(), nullptr,
                              random.data()) == 1 &&
         secp256k1_ecdsa_signature_serialize_compact(context.get(), raw.data(), &signature) == 1);
    return raw;
}

ByteArray<32> secret_of(std::string_view text) {
    const auto bytes = tezos::from_base58check(text);
    must(bytes && bytes->size() == 36);
    ByteArray<32> secret{};
    std::copy(bytes->begin() + 4, bytes->end(), secret.begin());
    if (text.starts_with("BLsk")) std::ranges::reverse(secret);
    return secret;
}

SignatureScheme scheme_of(std::string_view text) {
    if (text.starts_with("edsk")) return SignatureScheme::Ed25519;
    if (text.starts_with("spsk")) return SignatureScheme::Secp256k1;
    if (text.starts_with("BLsk")) return SignatureScheme::Bls12381;
    must(text.starts_with("p2sk"));
    return SignatureScheme::P256;
}

tezos::KeyInfo named_key(SignatureScheme scheme, const ByteArray<32>& secret) {
    auto key = crypto::PublicKey::parse(scheme, public_bytes(scheme, secret));
    must(key.has_value());
    return tezos::KeyInfo(std::move(*key));
}

}  // namespace

SecretKey::SecretKey(std::string_view text) : SecretKey(scheme_of(text), secret_of(text)) {}

SecretKey::SecretKey(SignatureScheme scheme, const ByteArray<32>& secret)
    : secret_(secret), named_(named_key(scheme, secret)) {}

Bytes SecretKey::sign_as_kms(const Digest& digest) const {
    must(scheme() != SignatureScheme::Bls12381);
    if (scheme() == SignatureScheme::Secp256k1) {
        const RawSignature raw = sign_secp256k1(secret_, digest);
        return to_der(randombytes_uniform(2) == 0 ? raw : twin_of(scheme(), raw));
    }
    Bytes out(80);
    if (scheme() == SignatureScheme::Ed25519) {
        ByteArray<32> ignored{};
        const auto secret = ed25519_secret(secret_, ignored);
        unsigned long long size = 0;
        must(crypto_sign_ed25519_detached(out.data(), &size, digest.data(), digest.size(),
                                          secret.data()) == 0);
        out.resize(size);
        return out;
    }
    const EvpKey key = evp_key(scheme(), secret_);
    const EvpContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
    std::size_t size = out.size();
    must(context && EVP_PKEY_sign_init(context.get()) == 1 &&
         EVP_PKEY_sign(context.get(), out.data(), &size, digest.data(), digest.size()) == 1);
    out.resize(size);
    return out;
}

RawSignature SecretKey::sign(const tezos::Message& message) const {
    if (scheme() != SignatureScheme::Bls12381) return sign(message.digest);
    return bls().sign(message.bytes, crypto::bls::Domain::Message);
}

RawSignature SecretKey::prove_possession(const crypto::PublicKey& of) const {
    return bls().sign(of.encoded(), crypto::bls::Domain::Possession);
}

crypto::bls::SecretKey SecretKey::bls() const {
    must(scheme() == SignatureScheme::Bls12381);
    return crypto::bls::SecretKey::parse(secret_).value();
}

RawSignature SecretKey::sign(const Digest& digest) const {
    if (scheme() == SignatureScheme::Secp256k1) return sign_secp256k1(secret_, digest);
    const Bytes bytes = sign_as_kms(digest);
    ByteArray<64> raw{};
    if (scheme() == SignatureScheme::Ed25519) {
        std::ranges::copy(bytes, raw.begin());
        return raw;
    }
    const Byte* at = bytes.data();
    const EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(bytes.size())));
    must(parsed && BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), raw.data(), 32) == 32 &&
         BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), raw.data() + 32, 32) == 32);
    return std::min(RawSignature(raw),
                    twin_of(scheme(), raw));  // r is the same, so the lower s decides
}

RawSignature SecretKey::sign_reproducibly(const Digest& digest) const {
    if (scheme() == SignatureScheme::Ed25519) return sign(digest);
    const RawSignature raw = sign_ecdsa_reproducibly(scheme(), secret_, digest);
    return std::min(raw, twin_of(scheme(), raw));
}

Bytes SecretKey::spki() const {
    const Bytes key = public_bytes(scheme(), secret_);
    const EvpKey evp(
        scheme() == SignatureScheme::Ed25519
            ? EvpKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()))
            : evp_key(scheme(), secret_));
    Bytes out(128);
    Byte* end = out.data();
    const int length = i2d_PUBKEY(evp.get(), &end);
    must(length > 0);
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::string unreleased_text(const tezos::KeyInfo& key,
                            const tezos::UnreleasedSignature& signature) {
    return tezos::block_proposal(key, {}, of_digest(signature.digest()), signature)
        .signature.value();
}

RawSignature twin_of(SignatureScheme scheme, const RawSignature& signature) {
    const EcGroup group = group_of(scheme);
    const BigNumber s = number(ByteView(signature).last(32));
    RawSignature twin = signature;
    must(BN_sub(s.get(), EC_GROUP_get0_order(group.get()), s.get()) == 1 &&
         BN_bn2binpad(s.get(), twin.data() + 32, 32) == 32);
    return twin;
}

Bytes to_der(const RawSignature& signature) {
    const EcdsaSignature ecdsa(ECDSA_SIG_new());
    must(ecdsa && ECDSA_SIG_set0(ecdsa.get(), number(ByteView(signature).first(32)).release(),
                                 number(ByteView(signature).last(32)).release()) == 1);
    Bytes der(80);
    Byte* end = der.data();
    const int length = i2d_ECDSA_SIG(ecdsa.get(), &end);
    must(length > 0);
    der.resize(static_cast<std::size_t>(length));
    return der;
}

}  // namespace redoubt::test
