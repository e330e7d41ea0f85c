// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/deposit.hpp>

#include <map>
#include <random>
#include <set>

#include "validators_fixture.hpp"

namespace redoubt::test {
namespace {

using CreateKeys = ValidatorsOperator;

TEST_F(CreateKeys, MakesKeysThatASignerOpensWithTheirDeposits) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const Json made = create("first", 3, {{"tags", {"a", "b"}}, {"fee", {address}}});
    ASSERT_EQ(code(made), "ok") << made;
    EXPECT_EQ(made.at("outcome"), "created");
    ASSERT_EQ(made.at("keys").size(), 3U);
    std::set<std::string> backups;
    for (const Json& key : made.at("keys")) {
        const std::string name = key.at("public_key");
        const auto secret = open(name);
        ASSERT_TRUE(secret) << name;
        EXPECT_EQ("0x" + to_hex(secret->public_key().encoded()), name);
        EXPECT_EQ(key.at("path"), "m/12381/3600/0/0/0");
        EXPECT_EQ(key.at("wrap"), made.at("wrap"));
        EXPECT_FALSE(ethereum::check_deposit(key.at("deposit"), network));
        EXPECT_EQ("0x" + key.at("deposit").at("pubkey").get<std::string>(), name);
        EXPECT_EQ(item("backup/" + name).at("backup"), (Json{{"S", key.at("backup")}}));
        backups.insert(key.at("backup"));
    }
    EXPECT_EQ(backups.size(), 3U) << "a mnemonic each";
    EXPECT_EQ(kms.calls["Encrypt"], 1);
    EXPECT_EQ(kms.calls["Decrypt"], 3) << "by this test alone";
}

TEST_F(CreateKeys, ItemsAreAsTheDesignHasThem) {
    const Json made = create("first", 1, {{"tags", {"b", "a"}}, {"fee", {address}}});
    const std::string name = made["keys"][0]["public_key"];
    Json there = item(name);
    EXPECT_EQ(aws::dynamodb::read_binary(there, "sealed")->size(), sealed::sealed_size);
    there.erase("sealed");
    const std::string now = std::to_string(unix_ms(world.clock.wall()));
    EXPECT_EQ(there, (Json{{"id", {{"S", name}}},
                           {"on", {{"BOOL", true}}},
                           {"src", {{"N", "0"}}},
                           {"tgt", {{"N", "0"}}},
                           {"slot", {{"N", "0"}}},
                           {"wrap", {{"S", made.at("wrap")}}},
                           {"tags", {{"SS", {"a", "b"}}}},
                           {"fee", {{"SS", {address}}}},
                           {"made", {{"N", now}}},
                           {"at", {{"N", now}}},
                           {"shard", {{"S", name.substr(name.size() - 1)}}}}));
    EXPECT_EQ(item("network").at("wraps"), (Json{{"SS", {made.at("wrap")}}}));
    EXPECT_EQ(item("batch/first").at("keys"), (Json{{"L", {{{"S", name}}}}}));
    EXPECT_EQ(items("wrap/").size(), 1U);
    EXPECT_TRUE(items("backup/").empty()) << "to nobody, as was said";
    EXPECT_LT(dump(item(name)).size(), 1024U);
}

TEST_F(CreateKeys, TheSameBatchAgainGivesTheSameKeysAndWritesNothing) {
    const Json made = create("first", 2);
    world.runner.calls.clear();
    kms.calls.clear();
    const Json again = create("first", 2);
    EXPECT_EQ(again.at("keys"), made.at("keys"));
    EXPECT_EQ(again.at("outcome"), "unchanged");
    EXPECT_EQ(again.at("wrap"), nullptr);
    EXPECT_EQ(count_calls("TransactWriteItems"), 0U);
    EXPECT_TRUE(kms.calls.empty());
    for (const Json& other : {Json{{"count", 3}}, Json{{"amount", 1'000'000'000}},
                              Json{{"credentials", "02"}}, Json{{"tags", {"x"}}}}) {
        const Json refused = create("first", 2, other);
        EXPECT_EQ(code(refused), "bad_request") << other;
        EXPECT_TRUE(message(refused).contains("other fields")) << message(refused);
    }
    EXPECT_EQ(items("0x").size(), 2U);
}

TEST_F(CreateKeys, ManyAreMadeByFewCalls) {
    const Json made = create("many", 40);
    ASSERT_EQ(code(made), "ok") << made;
    EXPECT_EQ(made.at("keys").size(), 40U);
    EXPECT_EQ(count_calls("TransactWriteItems"), 2U);
    EXPECT_EQ(kms.calls["GenerateRandom"], 2) << "of 1 KB each at most";
    EXPECT_EQ(items("0x").size(), 40U);
    EXPECT_EQ(items("deposit/").size(), 40U);
}

TEST_F(CreateKeys, WhatThereIsNoTimeForTheNextCallMakes) {
    // KMS takes nearly all of it.
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) == "Encrypt") world.clock.advance(std::chrono::milliseconds(2200));
        return std::nullopt;
    };
    const Json cut = create_by("many", 30, std::chrono::milliseconds(2700));
    EXPECT_EQ(code(cut), "deadline") << cut;
    EXPECT_TRUE(items("0x").empty());
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    Json stores = creation("stores", 1);
    stores["keystores"] = true;
    EXPECT_TRUE(message(ask_by(stores, std::chrono::milliseconds(2700))).contains("1,769 MB"));
    EXPECT_TRUE(items("0x").empty());
    sealing.backup_recipients->clear();
    // A transaction takes it, after the first keys.
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) == "TransactWriteItems") {
            world.clock.advance(std::chrono::milliseconds(2300));
        }
        return std::nullopt;
    };
    EXPECT_EQ(code(create_by("many", 30, std::chrono::milliseconds(2700))), "deadline");
    EXPECT_EQ(items("0x").size(), 24U);
    interrupt = {};
    const Json rest = create("many", 30);
    EXPECT_EQ(rest.at("outcome"), "finished") << rest;
    EXPECT_EQ(rest.at("keys").size(), 30U);
}

TEST_F(CreateKeys, AnotherTableOrNetworkIsRefusedAndNothingIsMade) {
    const Json sound = item("network");
    for (const auto& [attribute, value] :
         std::map<std::string, Json>{{"root", {{"S", "0x" + std::string(64, '0')}}},
                                     {"table", {{"S", "redoubt-validators-restored"}}},
                                     {"wraps", {{"S", "one"}}}}) {
        Json other = sound;
        other[attribute] = value;
        put(other);
        EXPECT_EQ(code(create("first", 1)), "wrong_network") << attribute;
    }
    EXPECT_TRUE(kms.calls.empty());
    // It became another one meanwhile.
    put(sound);
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        Json other = sound;
        other["table"] = {{"S", "redoubt-validators-restored"}};
        if (operation_of(call) == "TransactWriteItems") put(other);
        return std::nullopt;
    };
    EXPECT_EQ(code(create("first", 1)), "wrong_network");
    EXPECT_TRUE(items("0x").empty());
    EXPECT_TRUE(items("wrap/").empty());
    EXPECT_TRUE(items("batch/").empty());
}

TEST_F(CreateKeys, ADepositThatWasChangedInTheTableIsNotShown) {
    const Json made = create("first", 1);
    const std::string name = made["keys"][0]["public_key"];
    Json deposit = made["keys"][0]["deposit"];
    deposit["withdrawal_credentials"] = "01" + std::string(22, '0') + std::string(40, 'a');
    put({{"id", {{"S", "deposit/" + name}}}, {"deposit", {{"S", dump(deposit)}}}});
    EXPECT_EQ(code(create("first", 1)), "damaged_row");
    // Another one of the same key that verifies, but is to somebody else.
    const auto secret = open(name);
    ASSERT_TRUE(secret);
    ethereum::Address thief;
    thief.bytes.fill(0xaa);
    const auto theirs = ethereum::make_deposit(
        *secret, network,
        {ethereum::WithdrawalType::Execution, thief, ethereum::Gwei(32'000'000'000)});
    put({{"id", {{"S", "deposit/" + name}}},
         {"deposit", {{"S", dump(ethereum::to_json(theirs.value()))}}}});
    EXPECT_EQ(code(create("first", 1)), "damaged_row");
}

TEST_F(CreateKeys, NoDepositIsShownForAKeyThatIsNotThere) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const Json made = create("first", 2);
    const std::string gone = made["keys"][0]["public_key"];
    ASSERT_EQ(code(ask({{"command", "delete_keys"}, {"keys", {gone}}})), "ok");
    const Json again = create("first", 2);
    ASSERT_EQ(code(again), "ok") << again;
    EXPECT_EQ(again["keys"][0]["deposit"], nullptr);
    EXPECT_EQ(again["keys"][0]["wrap"], nullptr);
    EXPECT_EQ(again["keys"][0]["backup"], made["keys"][0]["backup"]);
    EXPECT_EQ(again["keys"][1], made["keys"][1]);
    static_cast<void>(dynamodb->operate(
        "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", gone}}}}}}));
    const Json refused = create("first", 2);
    EXPECT_EQ(code(refused), "damaged_row") << refused;
    EXPECT_TRUE(message(refused).contains(gone)) << message(refused);
}

TEST_F(CreateKeys, ABackupThatIsLostIsNotOneThatNobodyWanted) {
    const Json unwanted = create("none", 1)["keys"][0];
    EXPECT_EQ(unwanted["backup"], nullptr);
    EXPECT_EQ(unwanted["backed_up"], false);
    EXPECT_EQ(create("none", 1)["keys"][0], unwanted);

    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    Json lost = create("some", 1)["keys"][0];
    EXPECT_EQ(lost["backed_up"], true);
    EXPECT_EQ(create("some", 1)["keys"][0], lost);
    const std::string name = lost["public_key"];
    static_cast<void>(dynamodb->operate(
        "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", "backup/" + name}}}}}}));
    lost["backup"] = nullptr;
    EXPECT_EQ(create("some", 1)["keys"][0], lost);

    Json of_before = item("deposit/" + name);
    of_before.erase("backed_up");
    put(of_before);
    EXPECT_EQ(create("some", 1)["keys"][0]["backed_up"], nullptr) << "not said, so not known";
}

TEST_F(CreateKeys, ABatchThatLosesOrGainsKeysIsRefused) {
    ASSERT_EQ(code(create("many", 30)), "ok");
    const Json whole = item("batch/many");
    Json more = whole;
    more["keys"]["L"].push_back(whole["keys"]["L"][0]);
    put(more);
    EXPECT_EQ(code(create("many", 30)), "damaged_row");
    Json shouted = whole;
    shouted["keys"]["L"][0]["S"] = "0x" + std::string(96, 'A');
    put(shouted);
    EXPECT_EQ(code(create("many", 30)), "damaged_row");
    // While the last keys are made, all that were there are forgotten.
    Json cut = whole;
    cut["keys"]["L"].erase(cut["keys"]["L"].end() - 1);
    put(cut);
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "TransactWriteItems") return std::nullopt;
        static_cast<void>(dynamodb->operate(
            "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", "batch/many"}}}}}}));
        return std::nullopt;
    };
    EXPECT_EQ(code(create("many", 30)), "damaged_row");
    EXPECT_EQ(items("0x").size(), 30U);
}

TEST_F(CreateKeys, FieldsAreReadStrictly) {
    const std::string long_name(65, 'a');
    const std::string long_tag(33, 'a');
    const std::vector<std::string> many(9, "t");
    for (const Json& more : {Json{{"count", 0}},
                             Json{{"count", 101}},
                             Json{{"count", -1}},
                             Json{{"count", "1"}},
                             Json{{"count", 1.0}},
                             Json{{"count", nullptr}},
                             Json{{"batch", ""}},
                             Json{{"batch", long_name}},
                             Json{{"batch", "a/b"}},
                             Json{{"batch", nullptr}},
                             Json{{"address", "0x00000000219ab540356cbb839cbe05303d7705fa"}},
                             Json{{"address", "0x00000000219ab540356cBB839Cbe05303d7705FA"}},
                             Json{{"address", "00000000219ab540356cBB839Cbe05303d7705Fa"}},
                             Json{{"address", 1}},
                             Json{{"credentials", "00"}},
                             Json{{"credentials", 1}},
                             Json{{"credentials", "03"}},
                             Json{{"amount", 999'999'999}},
                             Json{{"amount", 2'048'000'000'001}},
                             Json{{"amount", "32000000000"}},
                             Json{{"amount", 32e9}},
                             Json{{"tags", "a"}},
                             Json{{"tags", {"a", "a"}}},
                             Json{{"tags", {""}}},
                             Json{{"tags", {long_tag}}},
                             Json{{"tags", {"a b"}}},
                             Json{{"tags", many}},
                             Json{{"fee", {"0x1"}}},
                             Json{{"fee", {"0x00000000219ab540356cbb839cbe05303d7705fa"}}},
                             Json{{"fee", {address, address}}},
                             Json{{"threshold", 1}},
                             Json{{"secret", "x"}}}) {
        const Json refused = create("first", 1, more);
        EXPECT_EQ(code(refused), "bad_request") << more;
    }
    EXPECT_TRUE(world.runner.calls.empty()) << "what is malformed asks nobody";
    EXPECT_EQ(code(create("first", 1, {{"amount", 33'000'000'000}})), "bad_request")
        << "what is above 32 ETH would not earn with 01";
    EXPECT_TRUE(items("0x").empty());
}

/// One call makes them: scrypt takes a second.
TEST_F(CreateKeys, KeystoresGoWithTheirPasswordToTheRecipients) {
    const Json stores = {{"keystores", true}};
    const Json nobody = create("first", 2, stores);
    EXPECT_EQ(code(nobody), "bad_request") << "nobody would have the password";
    EXPECT_TRUE(message(nobody).contains("BACKUP_RECIPIENTS")) << message(nobody);
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    EXPECT_TRUE(message(create("first", 26, stores)).contains("from 1 to 25 with `keystores`"));
    EXPECT_EQ(code(create("first", 1, {{"keystores", "yes"}})), "bad_request");
    EXPECT_TRUE(world.runner.calls.empty());
    const Json made = create("first", 2, stores);
    ASSERT_EQ(code(made), "ok") << made;
    for (const Json& key : made.at("keys")) {
        const std::string name = key.at("public_key");
        EXPECT_EQ("0x" + key["keystore"]["pubkey"].get<std::string>(), name);
        EXPECT_TRUE(key.at("password").get<std::string>().starts_with("-----BEGIN AGE"));
        EXPECT_NE(key.at("password"), key.at("backup"));
        EXPECT_EQ(item("backup/" + name).at("password"), (Json{{"S", key.at("password")}}));
    }
    EXPECT_TRUE(message(create("first", 2)).contains("other fields"));
    const Json again = create("first", 2, stores);
    EXPECT_EQ(again.at("keys"), made.at("keys"));
    // Who writes into the table gives nobody another key's.
    const std::string first = made["keys"][0]["public_key"], other = made["keys"][1]["public_key"];
    Json changed = item("backup/" + first);
    changed["keystore"] = item("backup/" + other).at("keystore");
    put(changed);
    EXPECT_EQ(code(create("first", 2, stores)), "damaged_row");
    changed.erase("keystore");
    put(changed);
    EXPECT_EQ(code(create("first", 2, stores)), "damaged_row");
}

TEST_F(CreateKeys, NothingIsMadeBeforeItWasSaidWhoGetsBackups) {
    sealing.backup_recipients.reset();
    EXPECT_EQ(code(create("first", 1)), "bad_request");
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(CreateKeys, SharesAreUnderAllWrappingKeysAndSomeOpen) {
    use_wrapping_keys(3);
    threshold = 2;
    const Json made = create("first", 1);
    ASSERT_EQ(code(made), "ok") << made;
    EXPECT_EQ(kms.calls["Encrypt"], 3);
    const std::string name = made["keys"][0]["public_key"];
    kms.troubles[wrapping_arn(2)] = "DisabledException";
    EXPECT_TRUE(open(name));
    kms.troubles[wrapping_arn(1)] = "DisabledException";
    EXPECT_FALSE(open(name));
}

/// What befalls a write: nothing, it is not done, or it is done and its answer lost.
enum class Fate { Answered, Lost, DoneAndLost };

/// Calls with two names, cut off anywhere, one inside another, again and again.
class CreateKeysByChance : public ValidatorsOperator {
protected:
    void begin(unsigned seed) {
        random_.seed(seed);
        empty_table();
        made_.clear();
        depth_ = 0;
        sealing.backup_recipients = {{backup::Recipient::parse(recipient).value()}};
        interrupt = [this](const http::ClientRequest& call) { return befall(call); };
    }
    void call_some() {
        const std::string name = chance(2) == 0 ? "one" : "two";
        const Json now = create(name, name == "one" ? 2 : 27);
        if (code(now) == "ok") {
            const auto [first, is_new] = made_.try_emplace(name, now.at("keys"));
            EXPECT_EQ(first->second, now.at("keys")) << "always the same";
        } else {
            EXPECT_EQ(code(now), "table_unavailable") << now;
            EXPECT_FALSE(now.contains("keys"));
        }
        check_items();
    }
    /// What holds whatever happened.
    void check_items() const {
        std::set<std::string> keys;
        for (const Json& key : items("0x")) keys.insert(key.at("id").at("S"));
        EXPECT_LE(keys.size(), 29U) << "no second set";
        for (const std::string prefix : {"backup/", "deposit/"}) {
            std::set<std::string> of;
            for (const Json& one : items(prefix)) {
                of.insert(one.at("id").at("S").get<std::string>().substr(prefix.size()));
            }
            EXPECT_EQ(of, keys) << prefix << ": neither without the other";
        }
        std::set<std::string> listed;
        for (const Json& batch : items("batch/")) {
            for (const Json& key : batch.at("keys").at("L")) listed.insert(key.at("S"));
        }
        EXPECT_EQ(listed, keys);
        for (const Json& key : items("0x")) {
            EXPECT_FALSE(item("wrap/" + key.at("wrap").at("S").get<std::string>()).is_null());
        }
        EXPECT_EQ(items("wrap/").size(),
                  item("network").value("wraps", Json{{"SS", Json::array()}}).at("SS").size());
    }
    /// In the end everybody is answered.
    void finish() {
        interrupt = {};
        for (const auto& [name, count] : std::map<std::string, int>{{"one", 2}, {"two", 27}}) {
            const Json last = create(name, count);
            ASSERT_EQ(code(last), "ok") << last;
            if (made_.contains(name)) {
                EXPECT_EQ(made_.at(name), last.at("keys"));
            }
            for (const Json& key : last.at("keys")) EXPECT_TRUE(open(key.at("public_key")));
        }
        check_items();
        EXPECT_EQ(items("0x").size(), 29U);
    }

private:
    unsigned chance(unsigned of) {
        return std::uniform_int_distribution<unsigned>(0, of - 1)(random_);
    }
    std::optional<http::ResponseOrError> befall(const http::ClientRequest& call) {
        if (!is_write(call)) return std::nullopt;
        if (depth_ < 2 && chance(6) == 0) {
            ++depth_;
            call_some();
            --depth_;
        }
        const unsigned fate = chance(4);
        if (fate > 1) return std::nullopt;
        if (Fate(fate + 1) == Fate::DoneAndLost) static_cast<void>(carry_out(call));
        return lost(http::TransportFailure::Timeout);
    }

    std::mt19937 random_;
    std::map<std::string, Json> made_;
    int depth_ = 0;
};

TEST_F(CreateKeysByChance, NoKeyIsThereWithoutItsBackupOrTheOtherWayRound) {
    for (unsigned seed = 0; seed < 3; ++seed) {
        begin(seed);
        for (int call = 0; call < 4; ++call) call_some();
        finish();
        ASSERT_FALSE(HasFailure()) << "with seed " << seed;
    }
}

}  // namespace
}  // namespace redoubt::test
