// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/ethereum/address.hpp>
#include <redoubt/ethereum/bls_change.hpp>
#include <redoubt/ethereum/deposit.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/exit.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

#include "../vectors/ethereum_vectors.hpp"
#include "equipment.hpp"

/// tests/vectors/ethereum/deposits.json, each row: ours are made equal to the byte, and checked.
namespace redoubt::ethereum::test {
namespace {

using redoubt::test::ethereum_vectors;

const Json& file() { return ethereum_vectors("deposits"); }

std::string member_text(const Json& row, const char* name) {
    return row.at(name).get<std::string>();
}

Network network_of(const Json& row) { return network(member_text(row, "network")); }

crypto::bls::SecretKey key_of(const Json& row) {
    static const auto seed =
        Mnemonic::parse(member_text(file(), "mnemonic")).value().seed().value();
    return derive(seed.view(), member_text(row, "path")).value();
}

Address address() { return parse_address(member_text(file(), "execution_address")).value(); }

TEST(DepositVectors, AreMadeAndChecked) {
    ASSERT_EQ(file().at("deposits").size(), 10U);
    for (const Json& row : file().at("deposits")) {
        const Network chain = network_of(row);
        const Json& expected = row.at("deposit_data");
        const auto type = parse_withdrawal_type(member_text(row, "withdrawal").substr(2));
        const Gwei amount(expected.at("amount").get<std::uint64_t>());
        const auto made = make_deposit(key_of(row), chain, {type.value(), address(), amount});
        ASSERT_TRUE(made) << made.error().message;
        EXPECT_EQ(to_json(*made), expected);
        const auto mistake = check_deposit(expected, chain);
        EXPECT_FALSE(mistake) << mistake->message;
    }
}

const std::map<std::string, std::string> field_of = {
    {"signature", "deposit, signature: "},
    {"amount", "deposit, amount: "},
    {"credentials", "deposit, withdrawal_credentials: "},
    {"data_root", "deposit, deposit_data_root: "},
    {"message_root", "deposit, deposit_message_root: "},
    {"pubkey", "deposit, pubkey: "},
};

TEST(DepositVectors, AreRefusedByTheirRule) {
    ASSERT_EQ(file().at("refuse").size(), 14U);
    const Network mainnet = network("mainnet");
    for (const Json& row : file().at("refuse")) {
        SCOPED_TRACE(member_text(row, "name"));
        const auto mistake = check_deposit(row.at("deposit_data"), mainnet);
        ASSERT_TRUE(mistake);
        EXPECT_EQ(mistake->code, Code::BadRequest);
        EXPECT_TRUE(mistake->message.starts_with(field_of.at(member_text(row, "rule"))))
            << mistake->message;
    }
}

TEST(BlsChangeVectors, AreMadeAndChecked) {
    ASSERT_EQ(file().at("bls_to_execution_change").size(), 6U);
    for (const Json& row : file().at("bls_to_execution_change")) {
        const Network chain = network_of(row);
        const Json& expected = row.at("file");
        const auto index =
            parse_number(member_text(expected.at("message"), "validator_index")).value();
        const auto made = make_bls_change(key_of(row), chain, ValidatorIndex(index), address());
        ASSERT_TRUE(made) << made.error().message;
        EXPECT_EQ(to_json(*made, chain), expected);
        const auto mistake = check_bls_change(expected, chain);
        EXPECT_FALSE(mistake) << mistake->message;
    }
}

TEST(ExitVectors, AreMadeAndChecked) {
    ASSERT_EQ(file().at("voluntary_exit").size(), 4U);
    for (const Json& row : file().at("voluntary_exit")) {
        const Network chain = network_of(row);
        const Json& expected = row.at("signed_exit");
        const auto number = [&](const char* name) {
            return parse_number(member_text(expected.at("message"), name)).value();
        };
        const auto key = key_of(row);
        const auto made = make_exit(key, chain, Epoch(number("epoch")),
                                    ValidatorIndex(number("validator_index")));
        ASSERT_TRUE(made) << made.error().message;
        EXPECT_EQ(to_json(*made), expected);
        const auto mistake = check_exit(expected, public_key_of(key), chain);
        EXPECT_FALSE(mistake) << mistake->message;
    }
}

}  // namespace
}  // namespace redoubt::ethereum::test
