// SPDX-License-Identifier: Apache-2.0
// What KMS does with symmetric keys.
#include <redoubt/base/encoding.hpp>

#include "kms.hpp"
#include "kms_call.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

constexpr std::size_t most_plaintext = 4096;
constexpr std::size_t most_ciphertext = 6144;
constexpr std::size_t most_random = 1024;
/// All that KMS knows, to tell a wrong one from one that does not exist.
constexpr std::string_view encryption_algorithms =
    " SYMMETRIC_DEFAULT RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256 SM2PKE ";

void check_algorithm(const Json& call) {
    const std::string* given = string_member(call, "EncryptionAlgorithm");
    if (given == nullptr || *given == symmetric) return;
    if (!encryption_algorithms.contains(" " + *given + " ")) {
        throw not_in_enumeration(*given, "encryptionAlgorithm");
    }
    throw AwsException{
        .type = "InvalidKeyUsageException",
        .message = "Algorithm " + *given + " is incompatible with key spec SYMMETRIC_DEFAULT."};
}

Json context_of(const Json& call) {
    const Json* context = member(call, "EncryptionContext");
    if (context == nullptr) return Json::object();
    for (const Json& value : *context) {
        if (context->is_object() && value.is_string()) continue;
        throw AwsException{.type = "SerializationException",
                           .message = "Start of structure or map found where not expected"};
    }
    return *context;
}

std::string_view algorithm_by(const std::vector<Fault>& faults) {
    return struck(faults, FaultKind::WrongAlgorithm) ? "RSAES_OAEP_SHA_256" : symmetric;
}

}  // namespace

const SymmetricKey& Kms::Key::sealer(std::string_view operation) const {
    if (const auto* found = std::get_if<SymmetricKey>(&material)) return *found;
    throw AwsException{.type = "InvalidKeyUsageException",
                       .message = arn + " key usage is SIGN_VERIFY which is not valid for " +
                                  std::string(operation) + "."};
}

Json Kms::encrypt(const Json& call, const Place& place, const std::vector<Fault>& faults) const {
    const auto key = usable_key(call, place, faults);
    const SymmetricKey& sealer = key->sealer("Encrypt");
    const Bytes plaintext = bytes_member(call, "Plaintext", most_plaintext);
    check_algorithm(call);
    const Json context = context_of(call);
    refuse_dry_run(call);
    return {{"KeyId", answered_arn(*key, faults)},
            {"CiphertextBlob", to_base64(sealer.encrypt(plaintext, context))},
            {"EncryptionAlgorithm", algorithm_by(faults)}};
}

Json Kms::decrypt(const Json& call, const Place& place, const std::vector<Fault>& faults) const {
    const Bytes ciphertext = bytes_member(call, "CiphertextBlob", most_ciphertext);
    const std::string named = SymmetricKey::id_in(ciphertext);
    // Without a KeyId, that which the ciphertext names.
    const bool is_given = member(call, "KeyId") != nullptr;
    if (!is_given && named.empty()) throw AwsException{"InvalidCiphertextException", ""};
    const auto key = usable_key(is_given ? call : Json{{"KeyId", named}}, place, faults);
    const SymmetricKey& sealer = key->sealer("Decrypt");
    check_algorithm(call);
    if (!named.empty() && key_named(named) != nullptr && !key->arn.ends_with("/" + named)) {
        throw AwsException{.type = "IncorrectKeyException",
                           .message =
                               "The key ID in the request does not identify a CMK that can "
                               "perform this operation."};
    }
    auto plaintext = sealer.decrypt(ciphertext, context_of(call));
    if (!plaintext) throw AwsException{"InvalidCiphertextException", ""};
    refuse_dry_run(call);
    if (struck(faults, FaultKind::BadPlaintext)) plaintext->front() ^= 1U;
    if (struck(faults, FaultKind::ShortPlaintext)) plaintext->pop_back();
    return {{"KeyId", answered_arn(*key, faults)},
            {"Plaintext", to_base64(*plaintext)},
            {"EncryptionAlgorithm", algorithm_by(faults)}};
}

Json Kms::generate_random(const Json& call, const std::vector<Fault>& faults) {
    const Json* wanted = member(call, "NumberOfBytes");
    const auto size = wanted != nullptr && wanted->is_number_integer() ? wanted->get<std::int64_t>()
                                                                       : std::int64_t{0};
    if (size < 1 || size > static_cast<std::int64_t>(most_random)) {
        throw validation("1 validation error detected: Value '" + std::to_string(size) +
                         "' at 'numberOfBytes' failed to satisfy constraint: Member must have "
                         "value between 1 and 1024");
    }
    Bytes random = random_bytes(static_cast<std::size_t>(size));
    if (struck(faults, FaultKind::ShortPlaintext)) random.pop_back();
    return {{"Plaintext", to_base64(random)}};
}

}  // namespace redoubt::standins
