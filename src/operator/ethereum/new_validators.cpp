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

Result<SecretKey> derive_key(const Mnemonic& mnemonic) {
    const auto seed = mnemonic.seed();
    if (!seed) return std::unexpected(seed.error());
    return ethereum::derive(seed->view(), key_path);
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

}  // namespace

GuardedBytes line_of(const Mnemonic& mnemonic) {
    GuardedBytes line(mnemonic.words().size() + 1);
    std::ranges::copy(bytes_of(mnemonic.words()), line.bytes().begin());
    line.bytes().back() = '\n';
    return line;
}

Result<NewValidator> make_validator(const Context& context, const Terms& terms,
                                    const sealed_operator::NewWrap& wrap, ByteView of_kms) {
    const Mnemonic mnemonic = make_mnemonic(of_kms);
    const auto secret = derive_key(mnemonic);
    if (!secret) return std::unexpected(secret.error());
    const crypto::PublicKey key = secret->public_key();
    const auto deposit = ethereum::make_deposit(*secret, context.network, terms.deposit);
    if (!deposit) return std::unexpected(deposit.error());
    auto sealed = sealed_operator::seal_secret(*secret, key, wrap);
    if (!sealed) return std::unexpected(sealed.error());
    auto backup = sealed_operator::back_up(context.sealing, line_of(mnemonic).view());
    if (!backup) return std::unexpected(backup.error());
    NewValidator made;
    made.validator.key = name_of(key);
    made.validator.is_on = true;
    made.validator.sealed = {std::move(*sealed), wrap.wrap.id};
    made.validator.tags = terms.tags;
    made.validator.fee = terms.fee;
    made.validator.made_ms = unix_ms(context.dynamodb.clock().now());
    made.validator.written_ms = made.validator.made_ms;
    made.deposit = dump(ethereum::to_json(*deposit));
    made.backup = std::move(*backup);
    return made;
}

std::optional<Error> check_deposit(const Context& context, const Terms& terms,
                                   const ethereum::PublicKey& key, std::string_view deposit) {
    const auto parsed = parse_json(deposit);
    if (parsed && is_on_terms(*parsed, terms, key) &&
        !ethereum::check_deposit(*parsed, context.network)) {
        return std::nullopt;
    }
    return Error{Code::DamagedRow,
                 "the deposit that the table has for " + key.text() +
                     " is not the one that was made: do not send it, and find out who writes into "
                     "the table",
                 {}};
}

}  // namespace redoubt::ethereum_operator
