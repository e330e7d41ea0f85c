// SPDX-License-Identifier: Apache-2.0
#include "sealing_kms.hpp"

#include <algorithm>
#include <array>

#include <redoubt/base/encoding.hpp>

#include "aws_answer.hpp"

namespace redoubt::test {
namespace {

constexpr std::array operations = {"Encrypt", "Decrypt", "GenerateRandom"};

std::string operation_of(const http::ClientRequest& call) {
    const std::string target = header_of(call, "x-amz-target");
    return target.substr(target.find('.') + 1);
}

/// As many bytes as are asked for, never the same twice.
std::string random_bytes(const Json& body, int call) {
    Bytes out(body.at("NumberOfBytes").get<std::size_t>());
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<Byte>(31 * i + 7 * static_cast<std::size_t>(call));
    }
    return to_base64(out);
}

}  // namespace

bool SealingKms::is_for(const http::ClientRequest& call) {
    const std::string operation = operation_of(call);
    return std::ranges::find(operations, operation) != operations.end();
}

http::ResponseOrError SealingKms::answer(const http::ClientRequest& call) {
    const std::string operation = operation_of(call);
    const int number = ++calls[operation];
    const Json body = body_of(call);
    if (operation == "GenerateRandom") {
        return aws_answer(200, {{"Plaintext", random_bytes(body, number)}}, clock_.wall());
    }
    const auto trouble = troubles.find(body.at("KeyId").get<std::string>());
    if (trouble != troubles.end()) return refused(trouble->second);
    return operation == "Encrypt" ? encrypt(body) : decrypt(body);
}

http::Response SealingKms::encrypt(const Json& body) {
    const std::string key = body.at("KeyId");
    Bytes blob(150, Byte{0x5a});
    blob.push_back(static_cast<Byte>(sealed_.size()));
    std::string text = to_base64(blob);
    sealed_[text] = {key, body.value("EncryptionContext", Json::object()), body.at("Plaintext")};
    return aws_answer(
        200,
        {{"CiphertextBlob", text}, {"KeyId", key}, {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"}},
        clock_.wall());
}

http::Response SealingKms::decrypt(const Json& body) {
    const std::string key = body.at("KeyId");
    const auto found = sealed_.find(body.at("CiphertextBlob").get<std::string>());
    const bool is_known = found != sealed_.end();
    if (is_known && found->second.key != key) return refused("IncorrectKeyException");
    if (!is_known || found->second.context != body.value("EncryptionContext", Json::object())) {
        return refused("InvalidCiphertextException");
    }
    const bool is_false = false_answers > 0 && false_answers-- > 0;
    return aws_answer(200,
                      {{"Plaintext", is_false ? to_base64(Bytes(32, 1)) : found->second.plaintext},
                       {"KeyId", key},
                       {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"}},
                      clock_.wall());
}

http::Response SealingKms::refused(const std::string& code) const {
    const bool is_passing = code == "KMSInternalException";
    return aws_error(is_passing ? 500 : 400, code, clock_.wall());
}

}  // namespace redoubt::test
