// SPDX-License-Identifier: Apache-2.0
// Public keys as KMS shows them (DER SubjectPublicKeyInfo). The input: one.
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>

#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/public_key.hpp>
#include <redoubt/tezos/types.hpp>

#include "check.hpp"

namespace redoubt::fuzz::public_key {
namespace {

using crypto::PublicKey;
using crypto::SignatureScheme;
using EvpKey = Handle<EVP_PKEY, EVP_PKEY_free>;

/// The scheme of a key, by the name of its algorithm or curve.
std::optional<SignatureScheme> scheme_of(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return SignatureScheme::Ed25519;
    std::array<char, 80> group{};
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(),
                                       nullptr) != 1) {
        return std::nullopt;
    }
    switch (OBJ_txt2nid(group.data())) {
        case NID_secp256k1: return SignatureScheme::Secp256k1;
        case NID_X9_62_prime256v1: return SignatureScheme::P256;
        default: return std::nullopt;
    }
}

Bytes encoded(const EVP_PKEY* key) {
    Bytes der(static_cast<std::size_t>(std::max(i2d_PUBKEY(key, nullptr), 0)));
    Byte* end = der.data();
    i2d_PUBKEY(key, &end);
    return der;
}

/// The key as OpenSSL reads it, if it would write it so, too, as an uncompressed point.
EvpKey read_by_openssl(ByteView der) {
    constexpr std::size_t point_size = 65;
    const Byte* at = der.data();
    EvpKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    if (!key || !std::ranges::equal(encoded(key.get()), der)) return nullptr;
    // It writes a point in the form that it was read in.
    const bool is_point = EVP_PKEY_is_a(key.get(), "EC") == 1;
    if (is_point && (der.size() < 80 || der[der.size() - point_size] != 0x04)) return nullptr;
    return key;
}

void check_texts(const PublicKey& key) {
    const std::string text = tezos::to_text(key);
    const auto read = tezos::parse_public_key(text);
    check(read && *read == key, "a key is read from its text");
    check(PublicKey::parse(key.scheme(), key.encoded()) == key, "a key is read from its bytes");
}

}  // namespace

void one_input(ByteView input) {
    const auto key = PublicKey::parse_spki(input);
    const EvpKey reference = read_by_openssl(input);
    if (key) {
        check(reference && scheme_of(reference.get()) == key->scheme(), "OpenSSL reads it, too");
        check_texts(*key);
    } else if (reference) {
        // libsodium, unlike OpenSSL, refuses points of Ed25519 that are none or of low order.
        const auto scheme = scheme_of(reference.get());
        check(!scheme || scheme == SignatureScheme::Ed25519, "what OpenSSL would write is read");
    }
    for (SignatureScheme scheme :
         {SignatureScheme::Ed25519, SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        const auto plain = PublicKey::parse(scheme, input);
        if (plain) check_texts(*plain);
        check(!plain || !key, "one form or the other");
    }
}

}  // namespace redoubt::fuzz::public_key
