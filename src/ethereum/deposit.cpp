// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/deposit.hpp>

#include <algorithm>

#include <redoubt/ethereum/domain.hpp>
#include <redoubt/ethereum/messages.hpp>

#include "format_version.hpp"

namespace redoubt::ethereum {
namespace {

std::optional<Error> refusal_of(const DepositTerms& terms) {
    const auto refuse = [](std::string text) { return Error{Code::BadRequest, std::move(text)}; };
    if (terms.address == Address{}) return refuse("address: zero is nobody's");
    if (terms.amount < min_deposit || terms.amount > max_deposit) {
        return refuse("amount: it is not from " + std::to_string(min_deposit.value()) + " to " +
                      std::to_string(max_deposit.value()) + " gwei");
    }
    if (terms.type == WithdrawalType::Execution && terms.amount > full_deposit) {
        return refuse("amount: above " + std::to_string(full_deposit.value()) +
                      " gwei only credentials of type 02 earn");
    }
    return std::nullopt;
}

Deposit sign_deposit(const crypto::bls::SecretKey& secret, const Network& network,
                     const DepositTerms& terms) {
    Deposit made;
    std::ranges::copy(secret.public_key().encoded(), made.public_key.bytes.begin());
    made.withdrawal_credentials = withdrawal_credentials(terms.type, terms.address);
    made.amount = terms.amount;
    made.fork_version = genesis_version(network);
    made.network_name = network.name;
    const DepositMessage message{made.public_key, made.withdrawal_credentials, made.amount};
    made.message_root = hash_tree_root(message);
    // No network's root: a deposit may be made before genesis.
    const Domain domain = compute_domain(DomainType::Deposit, made.fork_version, Root{});
    const auto signature =
        secret.sign(signing_root(made.message_root, domain), crypto::bls::Domain::Message);
    std::ranges::copy(signature, made.signature.begin());
    made.data_root = hash_tree_root(DepositData{message, made.signature});
    return made;
}

}  // namespace

std::optional<WithdrawalType> parse_withdrawal_type(std::string_view text) {
    if (text == "01") return WithdrawalType::Execution;
    if (text == "02") return WithdrawalType::Compounding;
    return std::nullopt;
}

Root withdrawal_credentials(WithdrawalType type, const Address& address) {
    Root credentials{static_cast<Byte>(type)};
    std::ranges::copy(address.bytes, credentials.end() - std::ssize(address.bytes));
    return credentials;
}

Result<std::vector<Deposit>> make_deposits(std::span<const crypto::bls::SecretKey> secrets,
                                           const Network& network, const DepositTerms& terms) {
    if (auto refused = refusal_of(terms)) return std::unexpected(std::move(*refused));
    std::vector<Deposit> made;
    std::vector<Json> shown;
    for (const auto& secret : secrets) {
        made.push_back(sign_deposit(secret, network, terms));
        shown.push_back(to_json(made.back()));
    }
    if (const auto mistake = check_deposits(shown, network)) {
        return fail(Code::Internal, "a deposit was made wrong: " + mistake->message);
    }
    return made;
}

Result<Deposit> make_deposit(const crypto::bls::SecretKey& secret, const Network& network,
                             const DepositTerms& terms) {
    auto made = make_deposits({&secret, 1}, network, terms);
    if (!made) return std::unexpected(made.error());
    return std::move(made->front());
}

Json to_json(const Deposit& deposit) {
    return {{"pubkey", to_hex(deposit.public_key.bytes)},
            {"withdrawal_credentials", to_hex(deposit.withdrawal_credentials)},
            {"amount", deposit.amount.value()},
            {"signature", to_hex(deposit.signature)},
            {"deposit_message_root", to_hex(deposit.message_root)},
            {"deposit_data_root", to_hex(deposit.data_root)},
            {"fork_version", to_hex(deposit.fork_version)},
            {"network_name", deposit.network_name},
            {"deposit_cli_version", format_version}};
}

}  // namespace redoubt::ethereum
