// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/public_key.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <secp256k1.h>
#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_sign_ed25519.h>

#include <algorithm>
#include <string>
#include <utility>

#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/ecdsa.hpp>

#include "bls_points.hpp"

namespace redoubt::crypto {
namespace {

using EvpKey = Handle<EVP_PKEY, EVP_PKEY_free>;
using EvpContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using EcdsaSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using BigNumber = Handle<BIGNUM, BN_free>;

std::optional<secp256k1_pubkey> parse_secp256k1(ByteView encoded) {
    secp256k1_pubkey key;
    if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &key, encoded.data(), encoded.size()) !=
        1) {
        return std::nullopt;
    }
    return key;
}

EvpKey parse_p256(ByteView encoded) {
    const EvpContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
    std::string group = "P-256";
    Bytes point(encoded.begin(), encoded.end());
    std::array<OSSL_PARAM, 3> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
        return nullptr;
    }
    return EvpKey(key);
}

bool verify_secp256k1(const secp256k1_pubkey& key, const Digest& digest,
                      const RawSignature& signature) {
    secp256k1_ecdsa_signature parsed;
    // Refuses r or s not below the order here, zero and a high s below.
    return secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &parsed,
                                                   signature.data()) == 1 &&
           secp256k1_ecdsa_verify(secp256k1_context_static, &parsed, digest.data(), &key) == 1;
}

std::optional<Bytes> to_der(const RawSignature& signature) {
    const EcdsaSignature ecdsa(ECDSA_SIG_new());
    BigNumber r(BN_bin2bn(signature.data(), 32, nullptr));
    BigNumber s(BN_bin2bn(signature.data() + 32, 32, nullptr));
    if (!ecdsa || !r || !s || ECDSA_SIG_set0(ecdsa.get(), r.get(), s.get()) != 1) {
        return std::nullopt;
    }
    // ECDSA_SIG_set0 took both over.
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    Bytes der(80);
    Byte* end = der.data();
    const int length = i2d_ECDSA_SIG(ecdsa.get(), &end);
    if (length <= 0) return std::nullopt;
    der.resize(static_cast<std::size_t>(length));
    return der;
}

bool verify_p256(EVP_PKEY* key, const Digest& digest, const RawSignature& signature) {
    const auto der = to_der(signature);
    const EvpContext context(EVP_PKEY_CTX_new(key, nullptr));
    return der && context && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_verify(context.get(), der->data(), der->size(), digest.data(), digest.size()) ==
               1;
}

/// What stands before the key bytes in the one DER form that each scheme has.
struct SpkiForm {
    SignatureScheme scheme;
    std::string_view header;
    std::size_t point_size;
};

using namespace std::string_view_literals;
constexpr std::array spki_forms = {
    // RFC 8410: id-Ed25519, BIT STRING of 32 bytes.
    SpkiForm{SignatureScheme::Ed25519, "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv, 32},
    // RFC 5480: id-ecPublicKey, secp256k1, BIT STRING of 04 x y.
    SpkiForm{
        SignatureScheme::Secp256k1,
        "\x30\x56\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a\x03\x42\x00"sv,
        65},
    // RFC 5480: id-ecPublicKey, prime256v1, BIT STRING of 04 x y.
    SpkiForm{
        SignatureScheme::P256,
        "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"sv,
        65},
};

/// 04 x y → 02|03 x.
Bytes compressed(ByteView point) {
    Bytes out = {static_cast<Byte>(0x02U | (point[64] & 1U))};
    append(out, point.subspan(1, 32));
    return out;
}

/// As encoded: compressed, where there is a choice.
std::size_t public_key_size(SignatureScheme scheme) {
    switch (scheme) {
        case SignatureScheme::Ed25519: return 32;
        case SignatureScheme::Secp256k1:
        case SignatureScheme::P256: return 33;
        case SignatureScheme::Bls12381: return bls::public_key_size;
    }
    return 0;
}

}  // namespace

struct PublicKey::Parsed {
    secp256k1_pubkey secp256k1{};
    EvpKey p256;
    blst_p1_affine bls{};
};

PublicKey::PublicKey(SignatureScheme scheme, Bytes encoded, std::shared_ptr<const Parsed> parsed)
    : scheme_(scheme), encoded_(std::move(encoded)), parsed_(std::move(parsed)) {}

std::optional<PublicKey> PublicKey::parse(SignatureScheme scheme, ByteView encoded) {
    auto parsed = std::make_shared<Parsed>();
    if (encoded.size() != public_key_size(scheme)) return std::nullopt;
    switch (scheme) {
        case SignatureScheme::Ed25519:
            if (crypto_core_ed25519_is_valid_point(encoded.data()) != 1) return std::nullopt;
            break;
        case SignatureScheme::Secp256k1: {
            const auto key = parse_secp256k1(encoded);
            if (!key) return std::nullopt;
            parsed->secp256k1 = *key;
            break;
        }
        case SignatureScheme::P256:
            parsed->p256 = parse_p256(encoded);
            if (!parsed->p256) return std::nullopt;
            break;
        case SignatureScheme::Bls12381: {
            const auto key = bls::parse_public_key(encoded);
            if (!key) return std::nullopt;
            parsed->bls = *key;
            break;
        }
    }
    return PublicKey(scheme, Bytes(encoded.begin(), encoded.end()), std::move(parsed));
}

PublicKey bls::PointAccess::make(const blst_p1_affine& point) {
    auto parsed = std::make_shared<PublicKey::Parsed>();
    parsed->bls = point;
    Bytes encoded(bls::public_key_size);
    blst_p1_affine_compress(encoded.data(), &point);
    return {SignatureScheme::Bls12381, std::move(encoded), std::move(parsed)};
}

const blst_p1_affine* bls::PointAccess::find(const PublicKey& key) {
    return key.scheme() == SignatureScheme::Bls12381 ? &key.parsed_->bls : nullptr;
}

std::optional<PublicKey> PublicKey::parse_spki(ByteView der) {
    for (const SpkiForm& form : spki_forms) {
        const std::size_t header_size = form.header.size();
        if (der.size() != header_size + form.point_size) continue;
        if (!std::ranges::equal(der.first(header_size), bytes_of(form.header))) continue;
        const ByteView point = der.subspan(header_size);
        if (form.scheme == SignatureScheme::Ed25519) return parse(form.scheme, point);
        // Compressing drops y, so that it belongs to x is checked on the whole point.
        const bool on_curve = form.scheme == SignatureScheme::Secp256k1
                                  ? parse_secp256k1(point).has_value()
                                  : parse_p256(point) != nullptr;
        if (point[0] != 0x04 || !on_curve) return std::nullopt;
        return parse(form.scheme, compressed(point));
    }
    return std::nullopt;
}

bool PublicKey::verify(const Message& message, const RawSignature& signature, HighS high_s) const {
    const Digest& digest = message.digest;
    if (signature.size() != signature_size(scheme_)) return false;
    if (high_s == HighS::Refused && !has_low_s(scheme_, signature)) return false;
    switch (scheme_) {
        case SignatureScheme::Ed25519:
            return crypto_sign_ed25519_verify_detached(signature.data(), digest.data(),
                                                       digest.size(), encoded_.data()) == 0;
        case SignatureScheme::Secp256k1:
            return verify_secp256k1(parsed_->secp256k1, digest, signature);
        case SignatureScheme::P256: return verify_p256(parsed_->p256.get(), digest, signature);
        case SignatureScheme::Bls12381:
            return bls::verify(parsed_->bls, message.bytes, bls::Domain::Message, signature);
    }
    return false;
}

}  // namespace redoubt::crypto
