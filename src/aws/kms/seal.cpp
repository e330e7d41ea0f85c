// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/kms/seal.hpp>

#include <memory>

#include <redoubt/base/encoding.hpp>

#include "answer.hpp"

namespace redoubt::aws::kms {
namespace {

constexpr std::string_view symmetric_algorithm = "SYMMETRIC_DEFAULT";
constexpr std::string_view plaintext_member = "Plaintext";
constexpr std::size_t most_ciphertext = 6144;  // that KMS takes

ObjectText to_json(const EncryptionContext& context) {
    ObjectText out;
    for (const auto& [name, value] : context) out.add(name, value);
    return out;
}

ObjectText call_on(const KeyArn& key, const EncryptionContext& context) {
    return ObjectText()
        .add("KeyId", key.text)
        .add("EncryptionAlgorithm", symmetric_algorithm)
        .add("EncryptionContext", to_json(context));
}

/// `call` with the plaintext, which is written into this one string, and into no other on the way.
std::string with_plaintext(const std::string& call, ByteView plaintext) {
    const std::string_view open = std::string_view(call).substr(0, call.size() - 1);
    std::string body;
    body.reserve(call.size() + base64_size(plaintext.size()) + 32);
    body.append(open).append(",\"").append(plaintext_member).append("\":\"");
    append_base64(body, plaintext);
    body.append("\"}");
    return body;  // itself, as `append` would give a copy
}

bool is_of(const Json& body, const KeyArn& key) {
    return has(body, "KeyId", key.text) && has(body, "EncryptionAlgorithm", symmetric_algorithm);
}

std::unexpected<Error> no_bytes(std::string_view what, std::size_t size, std::string detail) {
    return std::unexpected(Error{Code::KmsRefused,
                                 "KMS did not answer " + std::string(what) + " of " +
                                     std::to_string(size) + " bytes: look at the endpoint",
                                 std::move(detail)});
}

}  // namespace

Operation encrypt(Service& kms, const KeyArn& key, ByteView plaintext,
                  const EncryptionContext& context) {
    const auto secret = std::make_shared<GuardedBytes>(GuardedBytes::copy_of(plaintext));
    return {kms, "Encrypt", [call = call_on(key, context).text(), secret] {
                return with_plaintext(call, secret->view());
            }};
}

Result<Bytes> read_ciphertext(const Reply& reply, const KeyArn& key) {
    if (!is_of(reply.body, key)) return other_key(key);
    const std::string* text = string_member(reply.body, "CiphertextBlob");
    auto bytes = text == nullptr ? std::nullopt : from_base64(*text);
    if (bytes && !bytes->empty() && bytes->size() <= most_ciphertext) return *std::move(bytes);
    return std::unexpected(
        Error{Code::KmsRefused, "KMS did not answer a ciphertext: look at the endpoint", key.text});
}

Operation decrypt(Service& kms, const KeyArn& key, ByteView ciphertext,
                  const EncryptionContext& context) {
    std::string body = call_on(key, context).add("CiphertextBlob", to_base64(ciphertext)).text();
    return {kms, "Decrypt",    [body = std::move(body)] { return body; },
            {},  Hedge::Never, std::string(plaintext_member)};
}

Result<GuardedBytes> read_plaintext(Operation& decrypt, const KeyArn& key) {
    const auto& reply = decrypt.outcome();
    if (!reply) return std::unexpected(about(key, reply.error()));
    if (!is_of(reply->body, key)) return other_key(key);
    if (auto secret = decrypt.take_secret()) return *std::move(secret);
    return std::unexpected(
        Error{Code::KmsRefused, "KMS did not answer a plaintext: look at the endpoint", key.text});
}

Result<GuardedBytes> read_plaintext(Operation& decrypt, const KeyArn& key, std::size_t size) {
    auto secret = read_plaintext(decrypt, key);
    if (secret && secret->size() != size) return no_bytes("a plaintext", size, key.text);
    return secret;
}

Result<GuardedBytes> read_any_plaintext(Operation& decrypt, const KeyArn& key) {
    const auto& reply = decrypt.outcome();
    if (!reply) return std::unexpected(about(key, reply.error()));
    if (!is_of(reply->body, key)) return other_key(key);
    auto secret = decrypt.take_secret();
    if (!secret) return no_bytes("a plaintext", 1, key.text);
    return *std::move(secret);
}

Operation generate_random(Service& kms, std::size_t size) {
    std::string body = dump({{"NumberOfBytes", size}});
    return {kms, "GenerateRandom", [body = std::move(body)] { return body; },
            {},  Hedge::Never,     std::string(plaintext_member)};
}

Result<GuardedBytes> read_random(Operation& generate_random, std::size_t size) {
    const auto& reply = generate_random.outcome();
    if (!reply) return std::unexpected(reply.error());
    auto random = generate_random.take_secret();
    if (!random || random->size() != size) return no_bytes("random bytes, a string", size, {});
    return *std::move(random);
}

Error about(const KeyArn& key, Error error) {
    error.detail = error.detail.empty() ? key.text : key.text + ": " + error.detail;
    return error;
}

}  // namespace redoubt::aws::kms
