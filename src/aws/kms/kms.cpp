// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/kms/kms.hpp>

#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/ecdsa.hpp>

#include "answer.hpp"

namespace redoubt::aws::kms {
namespace {

using crypto::SignatureScheme;

std::string_view algorithm(SignatureScheme scheme) {
    switch (scheme) {
        case SignatureScheme::Ed25519: return "ED25519_SHA_512";
        case SignatureScheme::Secp256k1:
        case SignatureScheme::P256: return "ECDSA_SHA_256";
        case SignatureScheme::Bls12381: break;  // no key of KMS has it
    }
    return {};
}

/// Pure Ed25519 takes a message, not a digest.
std::string_view message_type(SignatureScheme scheme) {
    switch (scheme) {
        case SignatureScheme::Ed25519: return "RAW";
        case SignatureScheme::Secp256k1:
        case SignatureScheme::P256: return "DIGEST";
        case SignatureScheme::Bls12381: break;
    }
    return {};
}

}  // namespace

bool has(const Json& body, std::string_view name, std::string_view expected) {
    const std::string* value = string_member(body, name);
    return value != nullptr && *value == expected;
}

std::unexpected<Error> other_key(const KeyArn& key) {
    return std::unexpected(Error{Code::KmsRefused,
                                 "KMS answered for another key or algorithm than the one asked: "
                                 "look at the endpoint and the key",
                                 key.text});
}

ServiceTraits traits() {
    return {
        "kms",           "KMS", "TrentService.", "application/x-amz-json-1.1", Code::KmsUnavailable,
        Code::KmsRefused};
}

Operation sign(Service& kms, const KeyArn& key, SignatureScheme scheme,
               const crypto::Digest& digest) {
    std::string body = ObjectText()
                           .add("KeyId", key.text)
                           .add("Message", to_base64(digest))
                           .add("MessageType", message_type(scheme))
                           .add("SigningAlgorithm", algorithm(scheme))
                           .text();
    // Two signatures of one digest may exist: only the one that is read can go on to a commit.
    return {kms, "Sign", [body = std::move(body)] { return body; }, {}, Hedge::WhenSlow};
}

Result<crypto::RawSignature> read_signature(const Reply& reply, const KeyArn& key,
                                            SignatureScheme scheme) {
    if (!has(reply.body, "KeyId", key.text) ||
        !has(reply.body, "SigningAlgorithm", algorithm(scheme))) {
        return other_key(key);
    }
    const std::string* text = string_member(reply.body, "Signature");
    const auto bytes = text == nullptr ? std::nullopt : from_base64(*text);
    if (!bytes) return fail(Code::BadSignature, "KMS did not answer a signature");
    if (scheme == SignatureScheme::Ed25519) {
        if (bytes->size() != crypto::signature_size(scheme)) {
            return fail(Code::BadSignature, "KMS did not answer an Ed25519 signature");
        }
        return crypto::RawSignature(*bytes);
    }
    const auto parsed = crypto::parse_der_signature(scheme, *bytes);
    if (!parsed)
        return fail(Code::BadSignature, "KMS did not answer an ECDSA signature in strict DER");
    return crypto::with_low_s(scheme, *parsed);
}

Operation get_public_key(Service& kms, const KeyArn& key) {
    std::string body = dump({{"KeyId", key.text}});
    return {kms, "GetPublicKey", [body = std::move(body)] { return body; }};
}

Result<crypto::PublicKey> read_public_key(const Reply& reply, const KeyArn& key) {
    if (!has(reply.body, "KeyId", key.text)) return other_key(key);
    if (!has(reply.body, "KeyUsage", "SIGN_VERIFY")) {
        return fail(Code::KmsRefused, key.text + " is not a key to sign with");
    }
    const std::string* text = string_member(reply.body, "PublicKey");
    const auto der = text == nullptr ? std::nullopt : from_base64(*text);
    auto parsed = der ? crypto::PublicKey::parse_spki(*der) : std::nullopt;
    if (!parsed) {
        return fail(
            Code::KmsRefused,
            key.text + " is not an ECC_SECG_P256K1, ECC_NIST_P256 or ECC_NIST_EDWARDS25519 key");
    }
    return *parsed;
}

}  // namespace redoubt::aws::kms
