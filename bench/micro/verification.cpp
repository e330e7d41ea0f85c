// SPDX-License-Identifier: Apache-2.0
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <secp256k1.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_sign_ed25519.h>

#include <functional>

#include <redoubt/base/handle.hpp>
#include <redoubt/crypto/ecdsa.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/authentication.hpp>

#include <inputs/inputs.hpp>
#include "measure.hpp"

namespace redoubt::bench {
namespace {

using EvpKey = Handle<EVP_PKEY, EVP_PKEY_free>;
using EvpKeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using EvpContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

/// A library's bare call, key and signature already in its own form.
using Verify = std::function<bool(const tezos::Digest&)>;

EvpKey evp_key(const SecretKey& key) {
    const Bytes spki = key.spki();
    const Byte* at = spki.data();
    return EvpKey(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
}

Verify openssl_p256(const SecretKey& key, const tezos::RawSignature& raw) {
    const std::shared_ptr<EVP_PKEY> parsed = evp_key(key);
    const std::shared_ptr<EVP_PKEY_CTX> context =
        EvpKeyContext(EVP_PKEY_CTX_new(parsed.get(), nullptr));
    if (EVP_PKEY_verify_init(context.get()) != 1) throw std::runtime_error("EVP_PKEY_verify_init");
    return [parsed, context, der = test::to_der(raw)](const tezos::Digest& digest) {
        return EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.data(),
                               digest.size()) == 1;
    };
}

Verify libsecp256k1(const SecretKey& key, const tezos::RawSignature& raw) {
    secp256k1_pubkey parsed;
    secp256k1_ecdsa_signature signature;
    const Bytes& encoded = key.named().public_key.encoded();
    if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &parsed, encoded.data(),
                                  encoded.size()) != 1 ||
        secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &signature, raw.data()) !=
            1) {
        throw std::runtime_error("libsecp256k1 does not read a key or signature");
    }
    return [parsed, signature](const tezos::Digest& digest) {
        return secp256k1_ecdsa_verify(secp256k1_context_static, &signature, digest.data(),
                                      &parsed) == 1;
    };
}

Verify libsodium_ed25519(const SecretKey& key, const tezos::RawSignature& raw) {
    return [encoded = key.named().public_key.encoded(), raw](const tezos::Digest& digest) {
        return crypto_sign_ed25519_verify_detached(raw.data(), digest.data(), digest.size(),
                                                   encoded.data()) == 0;
    };
}

/// The other library that could do it.
Verify openssl_ed25519(const SecretKey& key, const tezos::RawSignature& raw) {
    const std::shared_ptr<EVP_PKEY> parsed = evp_key(key);
    return [parsed, raw](const tezos::Digest& digest) {
        const EvpContext context(EVP_MD_CTX_new());
        return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, parsed.get()) == 1 &&
               EVP_DigestVerify(context.get(), raw.data(), raw.size(), digest.data(),
                                digest.size()) == 1;
    };
}

Verify library(const SecretKey& key, const tezos::RawSignature& raw) {
    switch (key.scheme()) {
        case SignatureScheme::Ed25519: return libsodium_ed25519(key, raw);
        case SignatureScheme::Secp256k1: return libsecp256k1(key, raw);
        case SignatureScheme::P256: return openssl_p256(key, raw);
        case SignatureScheme::Bls12381: break;
    }
    return {};
}

void measure_verify(const std::string& scheme, const SecretKey& key) {
    const auto digest = crypto::blake2b_256(payload(ConsensusKind::Attestation));
    const auto raw = key.sign_reproducibly(digest);
    measure("verify/" + scheme + "/ours", [key = key.named().public_key, digest, raw] {
        return key.verify({{}, digest}, raw, crypto::HighS::Refused);
    });
    measure("verify/" + scheme + "/library",
            [verify = library(key, raw), digest] { return verify(digest); });
    if (key.scheme() == SignatureScheme::Ed25519) {
        measure("verify/" + scheme + "/openssl",
                [verify = openssl_ed25519(key, raw), digest] { return verify(digest); });
    }
}

/// Ours reads the signature's text, builds the message, hashes and verifies it; the libraries hash
/// and verify what lies ready.
void measure_authenticate(const std::string& scheme, const SecretKey& baker) {
    const auto key =
        std::make_shared<tezos::KeyInfo>(consensus_key(SignatureScheme::Secp256k1).named());
    const Bytes message = payload(ConsensusKind::Attestation);
    const std::string text = authentication(baker, key->hash, message);
    measure("authenticate/" + scheme + "/ours",
            [key, message, text, authorized = tezos::Keys{baker.named()}] {
                return tezos::authenticate({*key, message, text}, authorized).has_value();
            });
    measure("authenticate/" + scheme + "/library",
            [verify = library(baker, tezos::parse_signature(text).value().raw),
             to_hash = tezos::authentication_message(key->hash, message)] {
                tezos::Digest digest{};
                return crypto_generichash(digest.data(), digest.size(), to_hash.data(),
                                          to_hash.size(), nullptr, 0) == 0 &&
                       verify(digest);
            });
}

/// From KMS's DER to 64 bytes with a low s. Ours is written by hand: the library only reads.
void measure_der(const std::string& scheme, const SecretKey& key) {
    const Bytes der =
        signature_of_kms(key, crypto::blake2b_256(payload(ConsensusKind::Attestation)));
    measure("der/" + scheme + "/ours", [der, scheme = key.scheme()] {
        const auto raw = crypto::parse_der_signature(scheme, der);
        return raw && crypto::has_low_s(scheme, crypto::with_low_s(scheme, *raw));
    });
    measure("der/" + scheme + "/library", [der] {
        const Byte* at = der.data();
        using Parsed = Handle<ECDSA_SIG, ECDSA_SIG_free>;
        return Parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))) != nullptr;
    });
}

}  // namespace

void measure_verification() {
    constexpr std::array<std::pair<const char*, SignatureScheme>, 3> schemes = {
        {{"ed25519", SignatureScheme::Ed25519},
         {"secp256k1", SignatureScheme::Secp256k1},
         {"p256", SignatureScheme::P256}}};
    for (const auto& [name, scheme] : schemes) {
        measure_verify(name, consensus_key(scheme));
        measure_authenticate(name, authorized_key(scheme));
        if (scheme != SignatureScheme::Ed25519) measure_der(name, consensus_key(scheme));
    }
}

}  // namespace redoubt::bench
