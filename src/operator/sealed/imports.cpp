// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/sealed/imports.hpp>

#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/operator/fields.hpp>

namespace redoubt::sealed_operator {
namespace {

/// KMS answers at most some hundred bytes more than it was given, and it takes 4096.
constexpr std::size_t longest_ciphertext = 6144;

}  // namespace

Result<aws::KeyArn> read_import_key(const Json& fields, const Sealing& sealing) {
    const std::string* text = string_member(fields, "kms_key");
    const auto& known = sealing.wrapping_keys;
    const auto found =
        text == nullptr ? known.end() : std::ranges::find(known, *text, &aws::KeyArn::text);
    if (found == known.end()) {
        return operators::bad_request(
            "`kms_key` must be the ARN of one of this function's WRAPPING_KEYS, under which "
            "`ciphertext` was encrypted");
    }
    return *found;
}

Result<Bytes> read_ciphertext(const Json& fields, std::string_view where) {
    const std::string* text = string_member(fields, "ciphertext");
    auto ciphertext = text == nullptr || text->size() > base64_size(longest_ciphertext)
                          ? std::nullopt
                          : from_base64(*text);
    if (!ciphertext || ciphertext->empty()) {
        return operators::bad_request(
            std::string(where) +
            "`ciphertext` must be what kms:Encrypt answered, in base64 with padding and without "
            "line breaks");
    }
    return std::move(*ciphertext);
}

aws::kms::EncryptionContext import_context(std::string public_key, sealed::Purpose purpose,
                                           std::string table) {
    return {{"redoubt:import", std::move(public_key)},
            {"redoubt:purpose", std::string(sealed::name(purpose))},
            {"redoubt:table", std::move(table)}};
}

Error explain_import(Error error) {
    if (error.code == Code::KmsRefused) {
        error.message +=
            ". A ciphertext opens only with the public key, for the table and under the KMS key "
            "that it was made for: make it again for this function";
    }
    return error;
}

}  // namespace redoubt::sealed_operator
