// SPDX-License-Identifier: Apache-2.0
#include "encrypted_key.hpp"

#include <algorithm>

#include <redoubt/adapters/tezos/sealed_table.hpp>
#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/base58.hpp>
#include <redoubt/tezos/secret_key.hpp>

#include "fields.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace kms = aws::kms;
using crypto::bls::SecretKey;

/// KMS answers at most some hundred bytes more than it was given, and it takes 4096.
constexpr std::size_t longest_ciphertext = 6144;

std::optional<aws::KeyArn> find_wrapping_key(const Context& context, const Json& fields) {
    const std::string* text = string_member(fields, "kms_key");
    const auto& known = context.sealing.wrapping_keys;
    const auto found =
        text == nullptr ? known.end() : std::ranges::find(known, *text, &aws::KeyArn::text);
    if (found == known.end()) return std::nullopt;
    return *found;
}

/// What the ciphertext was bound to when it was made.
kms::EncryptionContext import_context(const Context& context, const EncryptedKey& encrypted) {
    return {{"redoubt:import", encrypted.key.public_key_text},
            {"redoubt:purpose", std::string(sealed::name(tezos_adapters::tezos_purpose))},
            {"redoubt:table", context.table}};
}

/// Of a text that is not the secret of any key.
std::string why_no_secret(ByteView text) {
    constexpr std::size_t sound_size = 4 + SecretKey::size;  // with the prefix
    return tezos::from_secret_base58check(text, sound_size)
               ? "what was encrypted is another kind of secret than a tz4 key's (BLsk...), or a "
                 "number that is zero or not below the order of BLS12-381"
               : "what was encrypted is not a tz4 secret key: BLsk... and nothing else, no end of "
                 "a line either, with a right checksum";
}

/// KMS says why it refuses, but not what that means here.
Error explain_refusal(Error error) {
    if (error.code == Code::KmsRefused) {
        error.message +=
            ". A ciphertext opens only with the public key, for the table and under the KMS key "
            "that it was made for: make it again for this function";
    }
    return error;
}

}  // namespace

Result<EncryptedKey> read_encrypted_key(const Json& fields, const Context& context) {
    const std::string* key_text = string_member(fields, "public_key");
    auto key = key_text == nullptr ? std::nullopt : tezos::parse_public_key(*key_text);
    if (!key || key->scheme() != crypto::SignatureScheme::Bls12381) {
        return bad_request("`public_key` must be a tz4 key's public key (BLpk...)");
    }
    auto kms_key = find_wrapping_key(context, fields);
    if (!kms_key) {
        return bad_request(
            "`kms_key` must be the ARN of one of this function's WRAPPING_KEYS, under which "
            "`ciphertext` was encrypted");
    }
    const std::string* text = string_member(fields, "ciphertext");
    auto ciphertext = text == nullptr || text->size() > base64_size(longest_ciphertext)
                          ? std::nullopt
                          : from_base64(*text);
    if (!ciphertext || ciphertext->empty()) {
        return bad_request(
            "`ciphertext` must be what kms:Encrypt answered, in base64 with padding and without "
            "line breaks");
    }
    return EncryptedKey{tezos::KeyInfo(std::move(*key)), std::move(*kms_key),
                        std::move(*ciphertext)};
}

Result<SecretKey> open_encrypted_key(const Context& context, const EncryptedKey& encrypted,
                                     SteadyTime deadline) {
    const aws::KeyArn& arn = encrypted.kms_key;
    aws::Operation operation = kms::decrypt(context.wrapping_kms.in(arn), arn, encrypted.ciphertext,
                                            import_context(context, encrypted));
    io::Exchange* const exchange = &operation;
    context.runner.run({&exchange, 1}, deadline);
    const auto text = kms::read_plaintext(operation, arn);
    if (!text) return std::unexpected(explain_refusal(text.error()));
    auto secret = tezos::parse_bls_secret(text->view());
    if (!secret) return bad_request(why_no_secret(text->view()) + ": nothing was written");
    if (const tezos::KeyInfo found(secret->public_key());
        found.public_key != encrypted.key.public_key) {
        return bad_request("what was encrypted is the secret of another key, " +
                           found.public_key_text + " (" + found.address + "): nothing was written");
    }
    return std::move(*secret);
}

}  // namespace redoubt::tezos_operator
