// SPDX-License-Identifier: Apache-2.0
#include "encrypted_key.hpp"

#include <redoubt/adapters/tezos/sealed_table.hpp>
#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/operator/sealed/imports.hpp>
#include <redoubt/tezos/base58.hpp>
#include <redoubt/tezos/secret_key.hpp>

#include "fields.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace kms = aws::kms;
using crypto::bls::SecretKey;

/// Of a text that is not the secret of any key.
std::string why_no_secret(ByteView text) {
    constexpr std::size_t sound_size = 4 + SecretKey::size;  // with the prefix
    return tezos::from_secret_base58check(text, sound_size)
               ? "what was encrypted is another kind of secret than a tz4 key's (BLsk...), or a "
                 "number that is zero or not below the order of BLS12-381"
               : "what was encrypted is not a tz4 secret key: BLsk... and nothing else, no end of "
                 "a line either, with a right checksum";
}

}  // namespace

Result<EncryptedKey> read_encrypted_key(const Json& fields, const Context& context) {
    const std::string* key_text = string_member(fields, "public_key");
    auto key = key_text == nullptr ? std::nullopt : tezos::parse_public_key(*key_text);
    if (!key || key->scheme() != crypto::SignatureScheme::Bls12381) {
        return bad_request("`public_key` must be a tz4 key's public key (BLpk...)");
    }
    auto kms_key = sealed_operator::read_import_key(fields, context.sealing);
    if (!kms_key) return std::unexpected(kms_key.error());
    auto ciphertext = sealed_operator::read_ciphertext(fields);
    if (!ciphertext) return std::unexpected(ciphertext.error());
    return EncryptedKey{tezos::KeyInfo(std::move(*key)), std::move(*kms_key),
                        std::move(*ciphertext)};
}

Result<SecretKey> open_encrypted_key(const Context& context, const EncryptedKey& encrypted,
                                     SteadyTime deadline) {
    const aws::KeyArn& arn = encrypted.kms_key;
    aws::Operation operation =
        kms::decrypt(context.wrapping_kms.in(arn), arn, encrypted.ciphertext,
                     sealed_operator::import_context(encrypted.key.public_key_text,
                                                     tezos_adapters::tezos_purpose, context.table));
    io::Exchange* const exchange = &operation;
    context.runner.run({&exchange, 1}, deadline);
    const auto text = kms::read_plaintext(operation, arn);
    if (!text) return std::unexpected(sealed_operator::explain_import(text.error()));
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
