// SPDX-License-Identifier: Apache-2.0
#include "imported_keys.hpp"

#include <algorithm>
#include <memory>

#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/secret.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/keystore.hpp>
#include <redoubt/ethereum/mnemonic.hpp>
#include <redoubt/operator/sealed/imports.hpp>

#include "fields.hpp"
#include "new_validators.hpp"
#include "opened_keys.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace kms = aws::kms;
using crypto::bls::SecretKey;

constexpr std::size_t most_imported = 25;
/// A keystore takes a second and 256 MB by itself.
constexpr std::size_t most_keystores = 1;
constexpr std::size_t longest_path = 64;

bool has_only_known_members(const Json& entry) {
    return std::ranges::all_of(entry.items(), [](const auto& member) {
        return member.key() == "public_key" || member.key() == "ciphertext" ||
               member.key() == "path" || member.key() == "keystore";
    });
}

Result<ImportedKey> read_entry(const Json& entry, const std::string& which) {
    if (!entry.is_object() || !has_only_known_members(entry)) {
        return bad_request(which +
                           " must be an object of `public_key`, `ciphertext` and, if that "
                           "is not the secret itself, `path` or `keystore`");
    }
    const std::string* name = string_member(entry, "public_key");
    const auto key = name == nullptr ? std::nullopt : ethereum::PublicKey::parse(*name);
    if (!key) return bad_request(which + ": `public_key` must be 0x and 96 hexadecimal digits");
    auto ciphertext = sealed_operator::read_ciphertext(entry, which + ": ");
    if (!ciphertext) return std::unexpected(ciphertext.error());
    ImportedKey out{*key, std::move(*ciphertext), {}, {}};
    const std::string* path = string_member(entry, "path");
    const Json* keystore = member(entry, "keystore");
    if (entry.contains("path") && (path == nullptr || path->size() > longest_path)) {
        return bad_request(which + ": `path` must be that of the key, as m/12381/3600/0/0/0");
    }
    if (path != nullptr && keystore != nullptr) {
        return bad_request(which +
                           " has `path` and `keystore`: one of the two, as the secret is "
                           "of a mnemonic or in a keystore");
    }
    if (path != nullptr) out.path = *path;
    if (keystore != nullptr) out.keystore = dump(*keystore);
    return out;
}

bool is_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Of a digit in either case, by arithmetic alone: letters have bit 6, and 9 is between.
unsigned value_of(char digit) {
    const auto code = static_cast<unsigned>(static_cast<unsigned char>(digit));
    return (code & 0xfU) + 9U * (code >> 6U);
}

/// Lower case, by arithmetic alone: from 10 on, letters are 39 further.
Byte digit_of(unsigned value) {
    return static_cast<Byte>('0' + value + ((9U - value) >> 31U) * 39U);
}

/// `0x` and 64 digits, which no table or branch depends on.
Result<SecretKey> parse_secret(std::string_view text) {
    constexpr std::size_t digits = 2 * SecretKey::size;
    if (text.size() != 2 + digits || !text.starts_with("0x")) {
        return bad_request("what was encrypted is not 0x and 64 hexadecimal digits");
    }
    text.remove_prefix(2);
    if (!std::ranges::all_of(text, is_digit)) {
        return bad_request("what was encrypted is not 0x and 64 hexadecimal digits");
    }
    GuardedBytes bytes(SecretKey::size);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.bytes()[i] =
            static_cast<Byte>((value_of(text[2 * i]) << 4U) | value_of(text[2 * i + 1]));
    }
    auto secret = SecretKey::parse(bytes.view());
    if (!secret) {
        return bad_request("what was encrypted is zero, or not below the order of BLS12-381");
    }
    return std::move(*secret);
}

GuardedBytes secret_line(const SecretKey& secret) {
    GuardedBytes line(2 + 2 * SecretKey::size + 1);
    std::ranges::copy(bytes_of("0x"), line.bytes().begin());
    for (std::size_t i = 0; i < SecretKey::size; ++i) {
        const unsigned byte = secret.big_endian()[i];
        line.bytes()[2 + 2 * i] = digit_of(byte >> 4U);
        line.bytes()[3 + 2 * i] = digit_of(byte & 0xfU);
    }
    line.bytes().back() = '\n';
    return line;
}

Result<ImportedSecret> read_mnemonic(std::string_view text, const std::string& path) {
    const auto mnemonic = ethereum::Mnemonic::parse(text);
    if (!mnemonic) return std::unexpected(mnemonic.error());
    const auto seed = mnemonic->seed();
    if (!seed) return std::unexpected(seed.error());
    auto secret = ethereum::derive(seed->view(), path);
    if (!secret) return std::unexpected(secret.error());
    GuardedBytes line = path == key_path ? line_of(*mnemonic) : secret_line(*secret);
    return ImportedSecret{std::move(*secret), std::move(line)};
}

Result<ImportedSecret> read_secret(const ImportedKey& imported, std::string_view text) {
    if (imported.path) return read_mnemonic(text, *imported.path);
    auto secret =
        imported.keystore ? ethereum::open_keystore(*imported.keystore, text) : parse_secret(text);
    if (!secret) return std::unexpected(secret.error());
    GuardedBytes line = secret_line(*secret);
    return ImportedSecret{std::move(*secret), std::move(line)};
}

Error explained(const ethereum::PublicKey& key, Error error) {
    error.message = key.text() + ": " + error.message + " (nothing was written)";
    return sealed_operator::explain_import(std::move(error));
}

}  // namespace

Result<ImportedKeys> read_imported_keys(const Json& fields, const Context& context) {
    auto kms_key = sealed_operator::read_import_key(fields, context.sealing);
    if (!kms_key) return std::unexpected(kms_key.error());
    const Json* list = member(fields, "keys");
    if (list == nullptr || !list->is_array() || list->empty() || list->size() > most_imported) {
        return bad_request("`keys` must be a list of 1 to " + std::to_string(most_imported) +
                           " keys, each with its `public_key` and `ciphertext`");
    }
    ImportedKeys out{std::move(*kms_key), {}};
    std::size_t keystores = 0;
    for (const Json& entry : *list) {
        const std::string which = "`keys`: entry " + std::to_string(out.keys.size() + 1);
        auto key = read_entry(entry, which);
        if (!key) return std::unexpected(key.error());
        if (std::ranges::find(out.keys, key->key, &ImportedKey::key) != out.keys.end()) {
            return bad_request("`keys` names " + key->key.text() + " twice");
        }
        if (key->keystore && ++keystores > most_keystores) {
            return bad_request(
                "`keys` has more than one keystore, each of which takes a second to open: bring "
                "them in one by one");
        }
        out.keys.push_back(std::move(*key));
    }
    return out;
}

Result<std::vector<ImportedSecret>> open_imported_keys(const Context& context,
                                                       const ImportedKeys& imported,
                                                       SteadyTime deadline) {
    const aws::KeyArn& arn = imported.kms_key;
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<io::Exchange*> exchanges;
    for (const ImportedKey& key : imported.keys) {
        operations.emplace_back(new aws::Operation(
            kms::decrypt(context.wrapping_kms.in(arn), arn, key.ciphertext,
                         sealed_operator::import_context(
                             key.key.text(), ethereum_adapters::ethereum_purpose, context.table))));
        exchanges.push_back(operations.back().get());
    }
    context.runner.run(exchanges, deadline);
    std::vector<ImportedSecret> out;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const ImportedKey& key = imported.keys[i];
        const auto text = kms::read_any_plaintext(*operations[i], arn);
        if (!text) return std::unexpected(explained(key.key, text.error()));
        auto secret = read_secret(key, text_of(text->view()));
        if (!secret) return std::unexpected(explained(key.key, secret.error()));
        if (const auto found = name_of(secret->secret.public_key()); found != key.key) {
            return std::unexpected(explained(
                key.key, {Code::BadRequest,
                          "what was encrypted is the secret of another key, " + found.text(),
                          {}}));
        }
        out.push_back(std::move(*secret));
    }
    return out;
}

}  // namespace redoubt::ethereum_operator
