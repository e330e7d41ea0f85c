// SPDX-License-Identifier: Apache-2.0
#include "kms.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <redoubt/aws/endpoint.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

#include "kms_call.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

using crypto::SignatureScheme;

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
    return *std::ranges::find(specs, key.signer().scheme(), &Spec::scheme);
}

/// What goes into the signature.
Bytes to_be_signed(const Json& call, const Spec& spec) {
    Bytes message = bytes_member(call, "Message", max_message);
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
    const bool seals = key.is_symmetric();
    const std::string_view spec = seals ? symmetric : spec_of(key).name;
    const std::string_view algorithm = seals ? symmetric : spec_of(key).algorithm;
    return {{"KeyMetadata",
             {{"AWSAccountId", key.place.account},
              {"KeyId", key.arn.substr(key.arn.rfind('/') + 1)},
              {"Arn", key.arn},
              {"Enabled", key.enabled.load()},
              {"KeyState", key.enabled ? "Enabled" : "Disabled"},
              {"KeyUsage", seals ? "ENCRYPT_DECRYPT" : "SIGN_VERIFY"},
              {"KeySpec", spec},
              {"Origin", "AWS_KMS"},
              {"KeyManager", "CUSTOMER"},
              {"MultiRegion", false},
              {seals ? "EncryptionAlgorithms" : "SigningAlgorithms", {algorithm}}}}};
}

AwsException disabled(const Kms::Key& key) {
    return {.type = "DisabledException", .message = key.arn + " is disabled."};
}

std::string arn_prefix(const Kms::Place& place) {
    return "arn:aws:kms:" + place.region + ":" + place.account + ":key/";
}

}  // namespace

Json Kms::operate(std::string_view operation, const Json& call, const std::vector<Fault>& faults,
                  const std::string& region) {
    const Place place{.region = region};
    if (operation == "Sign") return sign(call, place, faults);
    if (operation == "Encrypt") return encrypt(call, place, faults);
    if (operation == "Decrypt") return decrypt(call, place, faults);
    if (operation == "GenerateRandom") return generate_random(call, faults);
    if (operation == "GetPublicKey") return get_public_key(call, place, faults);
    if (operation == "CreateKey") return create_key(call, place);
    if (operation == "DisableKey") return set_enabled(call, place, false);
    if (operation == "EnableKey") return set_enabled(call, place, true);
    if (operation == "DescribeKey") return metadata(*key_of(call, place));
    if (operation == "PutKeyPolicy") return put_policy(call, place);
    if (operation == "GetKeyPolicy") return get_policy(call, place);
    if (operation == "ListGrants") {
        static_cast<void>(key_of(call, place));
        return {{"Grants", Json::array()}, {"Truncated", false}};
    }
    throw AwsException{.type = "UnknownOperationException", .message = ""};
}

std::string Kms::create(SignatureScheme scheme) {
    return keep(make_uuid(), {}, [&](const std::string&) { return SigningKey(scheme); });
}

std::string Kms::create_symmetric(const Place& place) {
    return keep(make_uuid(), place, [](const std::string& id) { return SymmetricKey(id); });
}

std::string Kms::keep(const std::string& id, const Place& place,
                      const std::function<Material(const std::string& id)>& make) {
    const std::string arn = arn_prefix(place) + id;
    auto made = std::make_shared<Key>(arn, place, make(id));
    const std::scoped_lock lock(mutex_);
    keys_.emplace(id, std::move(made));
    return arn;
}

std::shared_ptr<const Kms::Key> Kms::key(std::string_view arn) const {
    return key_named(arn.substr(arn.rfind('/') + 1));
}

std::shared_ptr<Kms::Key> Kms::key_named(std::string_view id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : found->second;
}

std::shared_ptr<Kms::Key> Kms::key_of(const Json& call, const Place& place) const {
    const std::string wanted = text_member(call, "KeyId");
    const auto arn = aws::parse_key_arn(wanted);
    if (arn && arn->region != place.region) {
        throw AwsException{.type = "NotFoundException", .message = "Invalid arn " + arn->region};
    }
    const std::string full = arn ? wanted : arn_prefix(place) + wanted;
    auto found = key_named(std::string_view(full).substr(full.rfind('/') + 1));
    if (found && found->arn == full) return found;
    throw AwsException{.type = "NotFoundException", .message = "Key '" + full + "' does not exist"};
}

std::shared_ptr<Kms::Key> Kms::usable_key(const Json& call, const Place& place,
                                          const std::vector<Fault>& faults) const {
    auto key = key_of(call, place);
    if (!key->enabled || struck(faults, FaultKind::Disabled)) throw disabled(*key);
    return key;
}

std::string Kms::answered_arn(const Key& key, const std::vector<Fault>& faults) {
    return struck(faults, FaultKind::WrongKey) ? arn_prefix(key.place) + make_uuid() : key.arn;
}

Json Kms::create_key(const Json& call, const Place& place) {
    const std::string* given = string_member(call, "KeySpec");
    const std::string spec = given == nullptr ? std::string(symmetric) : *given;
    const std::string* usage = string_member(call, "KeyUsage");
    if (spec == symmetric) {
        if (usage != nullptr && *usage != "ENCRYPT_DECRYPT") {
            throw validation("KeyUsage is not compatible with KeySpec " + spec);
        }
        return metadata(*key(create_symmetric(place)));
    }
    const auto* known = std::ranges::find(specs, spec, &Spec::name);
    if (known == specs.end()) throw not_in_enumeration(spec, "keySpec");
    if (text_member(call, "KeyUsage") != "SIGN_VERIFY") {
        throw validation("KeyUsage is not compatible with KeySpec " + spec);
    }
    return metadata(*key(keep(make_uuid(), place,
                              [known](const std::string&) { return SigningKey(known->scheme); })));
}

Json Kms::set_enabled(const Json& call, const Place& place, bool enabled) {
    key_of(call, place)->enabled = enabled;
    return Json::object();
}

Json Kms::put_policy(const Json& call, const Place& place) {
    const auto key = key_of(call, place);
    std::string policy = text_member(call, "Policy");
    if (!parse_json(policy)) {
        throw AwsException{.type = "MalformedPolicyDocumentException", .message = "no JSON"};
    }
    const std::scoped_lock lock(mutex_);
    key->policy = std::move(policy);
    return Json::object();
}

Json Kms::get_policy(const Json& call, const Place& place) const {
    const auto key = key_of(call, place);
    const std::scoped_lock lock(mutex_);
    return {{"Policy", key->policy.empty() ? std::string(default_policy) : key->policy},
            {"PolicyName", "default"}};
}

Json Kms::get_public_key(const Json& call, const Place& place,
                         const std::vector<Fault>& faults) const {
    const auto key = usable_key(call, place, faults);
    if (key->is_symmetric()) {
        throw AwsException{.type = "UnsupportedOperationException",
                           .message = key->arn +
                                      " key usage is ENCRYPT_DECRYPT which is not valid for "
                                      "GetPublicKey."};
    }
    return {
        {"KeyId", answered_arn(*key, faults)}, {"PublicKey", to_base64(key->signer().spki())},
        {"KeySpec", spec_of(*key).name},       {"CustomerMasterKeySpec", spec_of(*key).name},
        {"KeyUsage", "SIGN_VERIFY"},           {"SigningAlgorithms", {spec_of(*key).algorithm}}};
}

Json Kms::sign(const Json& call, const Place& place, const std::vector<Fault>& faults) const {
    const auto key = usable_key(call, place, faults);
    if (key->is_symmetric()) {
        throw AwsException{.type = "InvalidKeyUsageException",
                           .message = key->arn +
                                      " key usage is ENCRYPT_DECRYPT which is not valid for "
                                      "Sign."};
    }
    const Spec& spec = spec_of(*key);
    const Bytes message = to_be_signed(call, spec);
    refuse_dry_run(call);
    return {{"KeyId", answered_arn(*key, faults)},
            {"Signature", to_base64(spoilt_signature(key->signer(), message, faults))},
            {"SigningAlgorithm",
             struck(faults, FaultKind::WrongAlgorithm) ? "ECDSA_SHA_384" : spec.algorithm}};
}

}  // namespace redoubt::standins
