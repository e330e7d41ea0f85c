// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/deposit.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <redoubt/base/encoding.hpp>
#include <redoubt/ethereum/messages.hpp>

#include "equipment.hpp"

namespace redoubt::ethereum::test {
namespace {

const Address account{{0xfb, 0x69}};
const Network& mainnet() {
    static const Network found = network("mainnet");
    return found;
}

Result<Deposit> made(WithdrawalType type, std::uint64_t amount, const Address& to = account) {
    return make_deposit(secret(), mainnet(), {type, to, Gwei(amount)});
}
Json deposit() { return to_json(made(WithdrawalType::Compounding, 32'000'000'000).value()); }

std::string mistake(const Json& entry, const Network& chain = mainnet()) {
    const auto found = check_deposit(entry, chain);
    return found ? found->message : "none";
}

TEST(Deposit, IsFrom1To2048Eth) {
    for (const std::uint64_t right :
         std::initializer_list<std::uint64_t>{1'000'000'000, 32'000'000'000, 2'048'000'000'000}) {
        EXPECT_TRUE(made(WithdrawalType::Compounding, right)) << right;
    }
    for (const std::uint64_t wrong : {std::uint64_t{0}, std::uint64_t{999'999'999},
                                      std::uint64_t{2'048'000'000'001}, ~std::uint64_t{0}}) {
        EXPECT_EQ(made(WithdrawalType::Compounding, wrong).error().message,
                  "amount: it is not from 1000000000 to 2048000000000 gwei");
    }
    EXPECT_TRUE(made(WithdrawalType::Execution, 32'000'000'000));
    EXPECT_EQ(made(WithdrawalType::Execution, 32'000'000'001).error().message,
              "amount: above 32000000000 gwei only credentials of type 02 earn");
}

TEST(Deposit, IsSomebodys) {
    EXPECT_EQ(made(WithdrawalType::Execution, 32'000'000'000, {}).error().message,
              "address: zero is nobody's");
    EXPECT_EQ(to_hex(withdrawal_credentials(WithdrawalType::Execution, account)),
              "010000000000000000000000fb69" + std::string(36, '0'));
    EXPECT_EQ(parse_withdrawal_type("01"), WithdrawalType::Execution);
    EXPECT_EQ(parse_withdrawal_type("02"), WithdrawalType::Compounding);
    for (const char* wrong : {"", "00", "1", "03", "0x01", "b0"}) {
        EXPECT_FALSE(parse_withdrawal_type(wrong)) << wrong;
    }
}

/// What the launchpad reads, and each member once changed: the value is another, right by itself.
TEST(DepositCheck, SeesEachMemberChanged) {
    const Json right = deposit(),
               other = to_json(make_deposit(secret(0x22), network("hoodi"),
                                            {WithdrawalType::Execution, {{1}}, Gwei(1'000'000'000)})
                                   .value());
    ASSERT_EQ(right.size(), 9U);
    EXPECT_EQ(mistake(right), "none");
    const std::string message_root =
        "deposit, deposit_message_root: is not the root of key, credentials and amount";
    const std::map<std::string, std::string> said = {
        {"pubkey", message_root},
        {"withdrawal_credentials", message_root},
        {"amount", message_root},
        {"deposit_message_root", message_root},
        {"deposit_data_root",
         "deposit, deposit_data_root: is not the root of key, credentials, amount and signature"},
        {"signature",
         "deposit, deposit_data_root: is not the root of key, credentials, amount and signature"},
        {"fork_version",
         "deposit, fork_version: is not that of mainnet: the deposit is for another network"},
        {"network_name", "deposit, network_name: is not mainnet, which the fork version is of"},
    };
    for (const auto& [name, expected] : said) {
        Json changed = right;
        changed[name] = other.at(name);
        EXPECT_EQ(mistake(changed), expected) << name;
        changed.erase(name);
        EXPECT_EQ(mistake(changed), "deposit: has no `" + name + "`");
    }
    EXPECT_EQ(said.at("fork_version"), mistake(other));
    EXPECT_EQ(mistake(other, network("hoodi")), "none");
}

TEST(DepositCheck, IsStrictInForm) {
    const auto changed = [](const char* name, const Json& value) {
        Json entry = deposit();
        entry[name] = value;
        return mistake(entry);
    };
    const std::string number =
        "deposit, amount: is not a whole number from 0 to 18446744073709551615";
    EXPECT_EQ(changed("amount", "32000000000"), number);
    EXPECT_EQ(changed("amount", 32e9), number);
    EXPECT_EQ(changed("amount", -1), number);
    EXPECT_EQ(changed("pubkey", "0x" + std::string(96, '0')),
              "deposit, pubkey: is not hex of 48 bytes");
    EXPECT_EQ(changed("fork_version", "0000000"), "deposit, fork_version: is not hex of 4 bytes");
    EXPECT_EQ(changed("network_name", nullptr), "deposit, network_name: is not a text");
    EXPECT_EQ(changed("deposit_cli_version", ""),
              "deposit, deposit_cli_version: is not of 1 to 32 characters");
    EXPECT_EQ(changed("note", 1), "deposit: has a member `note` that is not known here");
    EXPECT_EQ(mistake(Json::array()), "deposit: is not a JSON object");
}

/// Each right in all else: only type and address are looked at.
TEST(DepositCheck, IsOfAnAccount) {
    const auto with = [](const std::string& credentials) {
        Json entry = deposit();
        entry["withdrawal_credentials"] = credentials;
        return mistake(entry);
    };
    const std::string zeros(62, '0'), name = "deposit, withdrawal_credentials: ";
    EXPECT_EQ(with("00" + zeros), name + "are not of type 01 or 02");
    EXPECT_EQ(with("b0" + zeros), name + "are not of type 01 or 02");
    EXPECT_EQ(with("01" + zeros), name + "name the address zero, which is nobody's");
    EXPECT_EQ(with("02" + std::string(21, '0') + "1" + std::string(40, '1')),
              name + "have not eleven zeros behind the type");
}

/// A deposit that has the other's signature, and the root of that.
Json signed_by(Json deposit, const Json& other) {
    const auto bytes = [&](const char* name) {
        return from_hex(deposit.at(name).get<std::string>()).value();
    };
    deposit["signature"] = other.at("signature");
    DepositData data;
    std::ranges::copy(bytes("pubkey"), data.message.pubkey.bytes.begin());
    std::ranges::copy(bytes("withdrawal_credentials"), data.message.withdrawal_credentials.begin());
    data.message.amount = Gwei(deposit.at("amount").get<std::uint64_t>());
    std::ranges::copy(bytes("signature"), data.signature.begin());
    deposit["deposit_data_root"] = to_hex(hash_tree_root(data));
    return deposit;
}

TEST(Deposits, AreMadeAsEachOfThemIsMadeAlone) {
    std::vector<crypto::bls::SecretKey> secrets;
    for (const Byte first : {Byte{0x21}, Byte{0x22}, Byte{0x23}}) secrets.push_back(secret(first));
    const DepositTerms terms{WithdrawalType::Compounding, account, Gwei(32'000'000'000)};
    const auto all = make_deposits(secrets, mainnet(), terms).value();
    ASSERT_EQ(all.size(), 3U);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(to_json(all[i]), to_json(make_deposit(secrets[i], mainnet(), terms).value()));
    }
    EXPECT_FALSE(make_deposits(secrets, mainnet(), {terms.type, {}, terms.amount}));
}

TEST(DepositFile, IsAListOfKeysOnceEach) {
    const auto said = [](const std::string& text) {
        const auto found = check_deposit_file(text, mainnet());
        return found ? found->message : "none";
    };
    const Json one = deposit(),
               two =
                   to_json(make_deposit(secret(0x22), mainnet(),
                                        {WithdrawalType::Compounding, account, Gwei(1'000'000'000)})
                               .value());
    EXPECT_EQ(said(dump(Json::array({one, two}))), "none");
    EXPECT_EQ(said(dump(Json::array({one, two, one}))), "deposit 3, pubkey: is in the file twice");
    Json changed = two;
    changed["deposit_message_root"] = one.at("deposit_message_root");
    EXPECT_EQ(said(dump(Json::array({one, changed}))),
              "deposit 2, deposit_message_root: is not the root of key, credentials and amount");
    // Each other's, with roots that are right: together they are as much as the right ones.
    EXPECT_EQ(said(dump(Json::array({signed_by(one, two), signed_by(two, one)}))),
              "deposit 1, signature: is not the key's, of this message on this network");
    EXPECT_EQ(said(dump(Json::array({one, signed_by(two, one)}))),
              "deposit 2, signature: is not the key's, of this message on this network");
    const std::string form = "the deposit file is not a list of 1 to 1000 deposits";
    EXPECT_EQ(said("[]"), form);
    EXPECT_EQ(said(dump(one)), form);
    EXPECT_EQ(said("[" + std::string(2001, '0') + "]"), "the deposit file is not JSON");
    EXPECT_EQ(said(dump(Json(std::vector<int>(1001)))), form);
    EXPECT_EQ(said(std::string((std::size_t{1} << 20U) + 1, ' ')),
              "the deposit file has more than 1 MB");
}

}  // namespace
}  // namespace redoubt::ethereum::test
