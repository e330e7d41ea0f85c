// SPDX-License-Identifier: Apache-2.0
#include "new_validators.hpp"

#include <algorithm>

#include <redoubt/crypto/hkdf.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

#include "opened_keys.hpp"

namespace redoubt::ethereum_operator {
namespace {

using crypto::bls::SecretKey;
using ethereum::Mnemonic;

/// Neither KMS nor this machine alone knows it.
Mnemonic make_mnemonic(ByteView of_kms) {
    const GuardedBytes random = sealed_operator::add_random(of_kms);
    GuardedBytes entropy(Mnemonic::entropy_size);
    crypto::hkdf_sha256({.key = random.view(), .info = bytes_of("redoubt mnemonic v1")},
                        entropy.bytes());
    return Mnemonic::generate(entropy.view());
}

bool is_on_terms(const Json& deposit, const Terms& terms, const ethereum::PublicKey& key) {
    const std::string* public_key = string_member(deposit, "pubkey");
    const std::string* credentials = string_member(deposit, "withdrawal_credentials");
    const Json* amount = member(deposit, "amount");
    const auto wanted = ethereum::withdrawal_credentials(terms.deposit.type, terms.deposit.address);
    return public_key != nullptr && ethereum::PublicKey::parse(*public_key) == key &&
           credentials != nullptr && *credentials == to_hex(wanted) && amount != nullptr &&
           amount->is_number_unsigned() && *amount == terms.deposit.amount.value();
}

Error not_made_here(std::string_view what, const ethereum::PublicKey& key,
                    std::string_view warning) {
    return {Code::DamagedRow,
            "the " + std::string(what) + " that the table has for " + key.text() +
                " is not the one that was made: " + std::string(warning) +
                ", and find out who writes into the table",
            {}};
}

/// What the table is to hold of a key that was made, and of its deposit.
Result<NewValidator> complete(const Context& context, const Terms& terms,
                              const sealed_operator::NewWrap& wrap, const Mnemonic& mnemonic,
                              const SecretKey& secret, const ethereum::Deposit& deposit) {
    auto sealed = sealed_operator::seal_secret(secret, deposit.public_key.bytes, wrap);
    if (!sealed) return std::unexpected(sealed.error());
    auto backup = sealed_operator::back_up(context.sealing, line_of(mnemonic).view());
    if (!backup) return std::unexpected(backup.error());
    NewValidator made;
    made.validator.key = deposit.public_key;
    made.validator.is_on = true;
    made.validator.sealed = {std::move(*sealed), wrap.wrap.id};
    made.validator.tags = terms.tags;
    made.validator.fee = terms.fee;
    made.validator.made_ms = unix_ms(context.dynamodb.clock().now());
    made.validator.written_ms = made.validator.made_ms;
    made.deposit = dump(ethereum::to_json(deposit));
    made.backup = std::move(*backup);
    return made;
}

}  // namespace

GuardedBytes line_of(const Mnemonic& mnemonic) {
    GuardedBytes line(mnemonic.words().size() + 1);
    std::ranges::copy(bytes_of(mnemonic.words()), line.bytes().begin());
    line.bytes().back() = '\n';
    return line;
}

Result<std::vector<NewValidator>> make_validators(const Context& context, const Terms& terms,
                                                  const sealed_operator::NewWrap& wrap,
                                                  const NewKeystores* keystores, ByteView of_kms) {
    constexpr std::size_t share = sealed_operator::random_share;
    std::vector<Mnemonic> mnemonics;
    for (std::size_t at = 0; at < of_kms.size(); at += share) {
        mnemonics.push_back(make_mnemonic(of_kms.subspan(at, share)));
    }
    std::vector<SecretKey> secrets;
    for (const GuardedBytes& seed : Mnemonic::seeds(mnemonics)) {
        auto secret = ethereum::derive(seed.view(), key_path);
        if (!secret) return std::unexpected(secret.error());
        secrets.push_back(std::move(*secret));
    }
    const auto deposits = ethereum::make_deposits(secrets, context.network, terms.deposit);
    if (!deposits) return std::unexpected(deposits.error());
    std::vector<NewValidator> made;
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        auto one = complete(context, terms, wrap, mnemonics[i], secrets[i], (*deposits)[i]);
        if (!one) return std::unexpected(one.error());
        if (keystores != nullptr) {
            auto json = keystores->writer.write(secrets[i], key_path);
            if (!json) return std::unexpected(json.error());
            one->keystore = {std::move(*json), keystores->password};
        }
        made.push_back(std::move(*one));
    }
    return made;
}

std::optional<Error> check_keystore(const ethereum::PublicKey& key, std::string_view keystore) {
    const auto parsed = parse_json(keystore);
    const std::string* of = parsed ? string_member(*parsed, "pubkey") : nullptr;
    if (of != nullptr && ethereum::PublicKey::parse(*of) == key) return std::nullopt;
    return not_made_here("keystore", key, "do not use it");
}

std::optional<Error> check_deposit(const Context& context, const Terms& terms,
                                   const ethereum::PublicKey& key, std::string_view deposit) {
    const auto parsed = parse_json(deposit);
    if (parsed && is_on_terms(*parsed, terms, key) &&
        !ethereum::check_deposit(*parsed, context.network)) {
        return std::nullopt;
    }
    return not_made_here("deposit", key, "do not send it");
}

}  // namespace redoubt::ethereum_operator
