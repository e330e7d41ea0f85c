// SPDX-License-Identifier: Apache-2.0
#include "kms.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

#include "aws_exception.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

using crypto::SignatureScheme;

constexpr std::string_view arn_prefix = "arn:aws:kms:us-east-1:000000000000:key/";
constexpr std::size_t max_message = 4096;

struct Spec {
    std::string_view name;
    SignatureScheme scheme;
    std::string_view algorithm;
};

constexpr std::array specs = {
    Spec{"ECC_NIST_EDWARDS25519", SignatureScheme::Ed25519, "ED25519_SHA_512"},
    Spec{"ECC_SECG_P256K1", SignatureScheme::Secp256k1, "ECDSA_SHA_256"},
    Spec{"ECC_NIST_P256", SignatureScheme::P256, "ECDSA_SHA_256"},
};

/// All that KMS knows, to tell a wrong one from one that does not exist.
constexpr std::string_view algorithms =
    " RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512 RSASSA_PKCS1_V1_5_SHA_256"
    " RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 ECDSA_SHA_256 ECDSA_SHA_384"
    " ECDSA_SHA_512 SM2DSA ML_DSA_SHAKE_256 ED25519_SHA_512 ED25519_PH_SHA_512 ";

/// What a key gets whose maker gives none: whatever IAM lets.
constexpr const char* default_policy =
    R"({"Version": "2012-10-17", "Id": "key-default-1", "Statement": [{)"
    R"("Sid": "Enable IAM User Permissions", "Effect": "Allow",)"
    R"( "Principal": {"AWS": "arn:aws:iam::000000000000:root"},)"
    R"( "Action": "kms:*", "Resource": "*"}]})";

const Spec& spec_of(const Kms::Key& key) {
    return *std::ranges::find(specs, key.key.scheme(), &Spec::scheme);
}

std::string text_member(const Json& call, const std::string& field) {
    const std::string* found = string_member(call, field);
    if (found == nullptr) {
        throw validation("1 validation error detected: Value null at '" + field +
                         "' failed to satisfy constraint: Member must not be null");
    }
    return *found;
}

AwsException not_in_enumeration(const std::string& value, const std::string& field) {
    return validation("1 validation error detected: Value '" + value + "' at '" + field +
                      "' failed to satisfy constraint: Member must satisfy enum value set");
}

Bytes message_of(const Json& call) {
    const auto message = from_base64(text_member(call, "Message"));
    if (!message) {
        throw AwsException{.type = "SerializationException", .message = "Invalid Base64"};
    }
    if (message->empty() || message->size() > max_message) {
        throw validation(
            "1 validation error detected: Value at 'message' failed to satisfy "
            "constraint: Member must have length between 1 and 4096");
    }
    return *message;
}

/// What goes into the signature.
Bytes to_be_signed(const Json& call, const Spec& spec) {
    Bytes message = message_of(call);
    const std::string algorithm = text_member(call, "SigningAlgorithm");
    const std::string* given = string_member(call, "MessageType");
    const std::string type = given == nullptr ? "RAW" : *given;
    if (!algorithms.contains(" " + algorithm + " ")) {
        throw not_in_enumeration(algorithm, "signingAlgorithm");
    }
    if (type != "RAW" && type != "DIGEST" && type != "EXTERNAL_MU") {
        throw not_in_enumeration(type, "messageType");
    }
    if (algorithm != spec.algorithm) {
        throw AwsException{.type = "InvalidKeyUsageException",
                           .message = "Algorithm " + algorithm + " is incompatible with key spec " +
                                      std::string(spec.name) + "."};
    }
    if (type == "EXTERNAL_MU" || (type == "DIGEST" && spec.scheme == SignatureScheme::Ed25519)) {
        throw validation("MessageType " + type + " is incompatible with algorithm " + algorithm +
                         ".");
    }
    if (type == "DIGEST" && message.size() != 32) {
        throw validation("Digest is invalid length for algorithm " + algorithm + ".");
    }
    if (type == "DIGEST" || spec.scheme == SignatureScheme::Ed25519) return message;
    const auto digest = crypto::sha256(message);
    return {digest.begin(), digest.end()};
}

bool struck(const std::vector<Fault>& faults, FaultKind kind) {
    return std::ranges::find(faults, kind, &Fault::kind) != faults.end();
}

Bytes spoilt_signature(const SigningKey& key, Bytes message, const std::vector<Fault>& faults) {
    if (struck(faults, FaultKind::BadSignature)) message.front() ^= 1U;
    Bytes signature = key.sign(message);
    const bool high = struck(faults, FaultKind::HighS);
    if (key.scheme() != SignatureScheme::Ed25519 && (high || struck(faults, FaultKind::LowS))) {
        signature = with_s(key.scheme(), signature, high);
    }
    if (struck(faults, FaultKind::BadDer)) signature.push_back(0);
    return signature;
}

Json metadata(const Kms::Key& key) {
    return {{"KeyMetadata",
             {{"AWSAccountId", "000000000000"},
              {"KeyId", key.arn.substr(arn_prefix.size())},
              {"Arn", key.arn},
              {"Enabled", key.enabled.load()},
              {"KeyState", key.enabled ? "Enabled" : "Disabled"},
              {"KeyUsage", "SIGN_VERIFY"},
              {"KeySpec", spec_of(key).name},
              {"Origin", "AWS_KMS"},
              {"KeyManager", "CUSTOMER"},
              {"MultiRegion", false},
              {"SigningAlgorithms", {spec_of(key).algorithm}}}}};
}

AwsException disabled(const Kms::Key& key) {
    return {.type = "DisabledException", .message = key.arn + " is disabled."};
}

}  // namespace

Json Kms::operate(std::string_view operation, const Json& call, const std::vector<Fault>& faults) {
    if (operation == "Sign") return sign(call, faults);
    if (operation == "CreateKey") return create_key(call);
    if (operation == "DisableKey") return set_enabled(call, false);
    if (operation == "EnableKey") return set_enabled(call, true);
    if (operation == "DescribeKey") return metadata(*key_of(call));
    if (operation == "PutKeyPolicy") return put_policy(call);
    if (operation == "GetKeyPolicy") return get_policy(call);
    if (operation == "ListGrants") {
        static_cast<void>(key_of(call));
        return {{"Grants", Json::array()}, {"Truncated", false}};
    }
    if (operation == "GetPublicKey") {
        const auto key = key_of(call);
        if (!key->enabled || struck(faults, FaultKind::Disabled)) throw disabled(*key);
        return {
            {"KeyId", struck(faults, FaultKind::WrongKey) ? std::string(arn_prefix) + make_uuid()
                                                          : key->arn},
            {"PublicKey", to_base64(key->key.spki())},
            {"KeySpec", spec_of(*key).name},
            {"CustomerMasterKeySpec", spec_of(*key).name},
            {"KeyUsage", "SIGN_VERIFY"},
            {"SigningAlgorithms", {spec_of(*key).algorithm}}};
    }
    throw AwsException{.type = "UnknownOperationException", .message = ""};
}

std::string Kms::create(SignatureScheme scheme) {
    const std::string id = make_uuid();
    const std::string arn = std::string(arn_prefix) + id;
    auto made = std::make_shared<Key>(arn, SigningKey(scheme));
    const std::scoped_lock lock(mutex_);
    keys_.emplace(id, std::move(made));
    return arn;
}

std::shared_ptr<const Kms::Key> Kms::key(std::string_view arn) const {
    if (arn.starts_with(arn_prefix)) arn.remove_prefix(arn_prefix.size());
    const std::scoped_lock lock(mutex_);
    const auto found = keys_.find(arn);
    return found == keys_.end() ? nullptr : found->second;
}

std::shared_ptr<Kms::Key> Kms::key_of(const Json& call) const {
    const std::string wanted = text_member(call, "KeyId");
    std::string_view id = wanted;
    if (id.starts_with(arn_prefix)) id.remove_prefix(arn_prefix.size());
    const std::scoped_lock lock(mutex_);
    const auto found = keys_.find(id);
    if (found != keys_.end()) return found->second;
    throw AwsException{
        .type = "NotFoundException",
        .message = "Key '" + std::string(arn_prefix) + std::string(id) + "' does not exist"};
}

Json Kms::create_key(const Json& call) {
    const std::string spec = text_member(call, "KeySpec");
    const auto* known = std::ranges::find(specs, spec, &Spec::name);
    if (known == specs.end()) throw not_in_enumeration(spec, "keySpec");
    if (text_member(call, "KeyUsage") != "SIGN_VERIFY") {
        throw validation("KeyUsage is not compatible with KeySpec " + spec);
    }
    return metadata(*key(create(known->scheme)));
}

Json Kms::set_enabled(const Json& call, bool enabled) {
    key_of(call)->enabled = enabled;
    return Json::object();
}

Json Kms::put_policy(const Json& call) {
    const auto key = key_of(call);
    std::string policy = text_member(call, "Policy");
    if (!parse_json(policy)) {
        throw AwsException{.type = "MalformedPolicyDocumentException", .message = "no JSON"};
    }
    const std::scoped_lock lock(mutex_);
    key->policy = std::move(policy);
    return Json::object();
}

Json Kms::get_policy(const Json& call) const {
    const auto key = key_of(call);
    const std::scoped_lock lock(mutex_);
    return {{"Policy", key->policy.empty() ? std::string(default_policy) : key->policy},
            {"PolicyName", "default"}};
}

Json Kms::sign(const Json& call, const std::vector<Fault>& faults) const {
    const auto key = key_of(call);
    if (!key->enabled || struck(faults, FaultKind::Disabled)) throw disabled(*key);
    const Spec& spec = spec_of(*key);
    const Bytes message = to_be_signed(call, spec);
    if (const Json* dry = member(call, "DryRun"); dry != nullptr && *dry == true) {
        throw AwsException{.type = "DryRunOperationException",
                           .message =
                               "The request would have succeeded, but the DryRun option is "
                               "set."};
    }
    return {{"KeyId", struck(faults, FaultKind::WrongKey) ? std::string(arn_prefix) + make_uuid()
                                                          : key->arn},
            {"Signature", to_base64(spoilt_signature(key->key, message, faults))},
            {"SigningAlgorithm",
             struck(faults, FaultKind::WrongAlgorithm) ? "ECDSA_SHA_384" : spec.algorithm}};
}

}  // namespace redoubt::standins
