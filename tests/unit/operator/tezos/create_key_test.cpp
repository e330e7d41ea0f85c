// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/bls.hpp>

#include "sealed_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(SealedOperator, KeysAreMadeThatASignerOpens) {
    const Json made = create("first", 2);
    ASSERT_EQ(code(made), "ok") << made;
    EXPECT_EQ(made.at("outcome"), "created");
    ASSERT_EQ(made.at("keys").size(), 2U);
    const auto secrets = open(made);
    ASSERT_EQ(secrets.size(), 2U);
    EXPECT_NE(secrets[0], secrets[1]);
    for (const Json& key : made.at("keys")) {
        const auto public_key = tezos::parse_public_key(key.at("public_key").get<std::string>());
        ASSERT_TRUE(public_key);
        EXPECT_EQ(key.at("pkh"), tezos::to_text(tezos::hash_of(*public_key)));
        EXPECT_TRUE(key.at("pkh").get<std::string>().starts_with("tz4"));
        EXPECT_EQ(key.at("wrap"), made["keys"][0]["wrap"]) << "one wrap for one call";
        EXPECT_EQ(key.at("backup"), nullptr);
        const auto proof = tezos::parse_signature(key.at("proof").get<std::string>());
        ASSERT_TRUE(proof) << key;
        EXPECT_TRUE(crypto::bls::verify_possession(*public_key, *public_key, proof->raw));
    }
    const auto first = tezos::parse_public_key(made["keys"][0]["public_key"].get<std::string>());
    EXPECT_EQ(made["keys"][0]["wrap"], sealed::WrapId::made_for(first->encoded()).text())
        << "so that a signer can read it with the key";
    EXPECT_EQ(items("sealed").size(), 2U);
    EXPECT_EQ(items("wrap").size(), 1U);
    EXPECT_EQ(kms.calls["GenerateRandom"], 1);
    EXPECT_EQ(kms.calls["Encrypt"], 1);
}

TEST_F(SealedOperator, TheWrapIsThereBeforeTheKeysThatUseIt) {
    static_cast<void>(create("first", 3));
    EXPECT_EQ(writes(),
              (std::vector<std::string>{"batch", "wrap", "sealed", "sealed", "sealed", "batch"}));
    EXPECT_FALSE(items("batch").front().contains("pending")) << "nothing is kept twice";
}

TEST_F(SealedOperator, TheSameBatchAgainGivesTheSameKeys) {
    const Json made = create("first", 2);
    const auto before = table.items;
    world.runner.calls.clear();
    kms.calls.clear();
    const Json again = create("first", 2);
    EXPECT_EQ(again.at("keys"), made.at("keys"));
    EXPECT_EQ(again.at("outcome"), "unchanged");
    EXPECT_EQ(table.items, before);
    EXPECT_TRUE(writes().empty());
    EXPECT_TRUE(kms.calls.empty()) << "nothing is made to be thrown away";
    const Json other = create("second", 2);
    EXPECT_EQ(other.at("outcome"), "created");
    EXPECT_NE(other.at("keys"), made.at("keys"));
}

TEST_F(SealedOperator, ABatchWithOtherFieldsIsRefused) {
    use_wrapping_keys(2);
    ASSERT_EQ(code(create("first", 2, {{"threshold", 1}})), "ok");
    const auto before = table.items;
    for (const Json& other : {Json{{"threshold", 2}}, Json{{"threshold", 1}, {"count", 3}}}) {
        const Json told_now = create("first", 2, other);
        EXPECT_EQ(code(told_now), "bad_request") << other;
        EXPECT_TRUE(message(told_now).contains("count")) << message(told_now);
    }
    EXPECT_EQ(table.items, before);
}

TEST_F(SealedOperator, OfTwoCallsAtOnceOneMakesTheKeys) {
    Json second;
    // The other call happens as a whole, just before each of the first one's writes in turn.
    for (int nth = 1; nth <= 4; ++nth) {
        table.items.clear();
        second = Json();
        int seen = 0;
        bool is_inside = false;
        interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
            if (is_inside || !is_write(call) || ++seen != nth) return std::nullopt;
            is_inside = true;
            second = create("first", 2);
            is_inside = false;
            return std::nullopt;
        };
        const Json first = create("first", 2);
        ASSERT_FALSE(second.is_null()) << nth;
        EXPECT_EQ(code(first), "ok") << first;
        EXPECT_EQ(first.at("keys"), second.at("keys")) << "at write " << nth;
        EXPECT_EQ((first.at("outcome") == "created") + (second.at("outcome") == "created"), 1);
        EXPECT_EQ(items("sealed").size(), 2U);
        EXPECT_EQ(items("wrap").size(), 1U) << "the one that lost has written nothing";
        EXPECT_EQ(open(first).size(), 2U);
    }
}

/// A call that ends at its n-th write, with that write done or not.
struct Cut {
    int at;
    bool is_done;
};
class CutOff : public SealedOperator, public ::testing::WithParamInterface<Cut> {};

TEST_P(CutOff, WhatWasBegunIsFinishedByTheNextCall) {
    int seen = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        const bool is_next = is_write(call) && ++seen >= GetParam().at;
        if (!is_next) return std::nullopt;
        if (seen == GetParam().at && GetParam().is_done) static_cast<void>(table.answer(call));
        return lost(http::TransportFailure::Timeout);
    };
    const Json cut = create("first", 2);
    EXPECT_EQ(code(cut), "table_unavailable");
    EXPECT_FALSE(cut.contains("keys"));
    // No key that uses it is there without its wrap.
    if (!items("sealed").empty()) {
        EXPECT_EQ(items("wrap").size(), 1U);
    }
    interrupt = {};
    const Json after = create("first", 2);
    ASSERT_EQ(code(after), "ok") << after;
    EXPECT_EQ(items("sealed").size(), 2U) << "no second set";
    EXPECT_EQ(items("wrap").size(), 1U);
    EXPECT_FALSE(items("batch").front().contains("pending"));
    EXPECT_EQ(open(after).size(), 2U);
    EXPECT_EQ(create("first", 2).at("keys"), after.at("keys"));
}
INSTANTIATE_TEST_SUITE_P(AtEachWrite, CutOff,
                         ::testing::Values(Cut{1, false}, Cut{1, true}, Cut{2, false}, Cut{2, true},
                                           Cut{3, false}, Cut{3, true}, Cut{5, false},
                                           Cut{5, true}));

TEST_F(SealedOperator, SharesAreUnderAllWrappingKeysAndSomeOpen) {
    use_wrapping_keys(3);
    const Json made = create("first", 1, {{"threshold", 2}});
    ASSERT_EQ(code(made), "ok") << made;
    EXPECT_EQ(kms.calls["Encrypt"], 3);
    kms.troubles[wrapping_arn(2)] = "DisabledException";
    EXPECT_EQ(open(made).size(), 1U);
}

TEST_F(SealedOperator, SeveralWrappingKeysHaveNoDefaultThreshold) {
    use_wrapping_keys(3);
    const Json refused = create("first", 1);
    EXPECT_EQ(code(refused), "bad_request");
    EXPECT_TRUE(message(refused).contains("`threshold` has no default")) << message(refused);
    EXPECT_TRUE(table.items.empty());
}

TEST_F(SealedOperator, FieldsOfCreateKeyAreReadStrictly) {
    use_wrapping_keys(2);
    const std::string long_name(65, 'a');
    for (const Json& more :
         {Json{{"count", 0}}, Json{{"count", 9}}, Json{{"count", "1"}}, Json{{"count", 1.0}},
          Json{{"count", nullptr}}, Json{{"batch", ""}}, Json{{"batch", long_name}},
          Json{{"batch", "a/b"}}, Json{{"batch", "a b"}}, Json{{"batch", 1}},
          Json{{"batch", nullptr}}, Json{{"threshold", 0}}, Json{{"threshold", 3}},
          Json{{"threshold", -1}}, Json{{"threshold", "1"}}, Json{{"threshold", 1.0}},
          Json{{"dry_run", 1}}, Json{{"secret", "BLsk"}}, Json{{"kms_keys", Json::array()}}}) {
        Json fields = {{"threshold", 1}};
        fields.update(more);
        const Json refused = create("first", 1, fields);
        EXPECT_EQ(code(refused), "bad_request") << more;
    }
    EXPECT_TRUE(world.runner.calls.empty()) << "what is malformed asks nobody";
}

TEST_F(SealedOperator, NothingIsMadeBeforeItWasSaidWhoGetsBackups) {
    sealing.backup_recipients.reset();
    const Json refused = create("first", 1);
    EXPECT_EQ(code(refused), "bad_request");
    EXPECT_TRUE(message(refused).contains("BACKUP_RECIPIENTS")) << message(refused);
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(SealedOperator, BackupsGoToTheRecipientsAndIntoTheTable) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const Json made = create("first", 2);
    ASSERT_EQ(code(made), "ok") << made;
    for (const Json& key : made.at("keys")) {
        const std::string text = key.at("backup");
        EXPECT_TRUE(text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n")) << text;
        EXPECT_EQ(sealed_item(key.at("pkh")).at("backup"), (Json{{"S", text}}));
    }
    EXPECT_NE(made["keys"][0]["backup"], made["keys"][1]["backup"]);
    EXPECT_EQ(create("first", 2).at("keys"), made.at("keys"));
}

TEST_F(SealedOperator, AFunctionWithoutWrappingKeysMakesNoKeys) {
    sealing.wrapping_keys.clear();
    const Json refused = create("first", 1);
    EXPECT_EQ(code(refused), "bad_request");
    EXPECT_TRUE(message(refused).contains("WRAPPING_KEYS")) << message(refused);
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(SealedOperator, TwoSharesUnderOneKmsKeyAreRefused) {
    const std::string mrk = ":111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
    sealing.wrapping_keys = {aws::parse_key_arn("arn:aws:kms:eu-west-1" + mrk).value(),
                             aws::parse_key_arn("arn:aws:kms:us-east-1" + mrk).value()};
    const Json refused = create("first", 1, {{"threshold", 2}});
    EXPECT_EQ(code(refused), "bad_request");
    EXPECT_TRUE(message(refused).contains("are one KMS key")) << message(refused);
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(SealedOperator, AKmsKeyThatDoesNotEncryptIsNamedAndNothingIsWritten) {
    use_wrapping_keys(2);
    for (const auto& [trouble, expected] :
         std::map<std::string, std::string>{{"InvalidKeyUsageException", "kms_refused"},
                                            {"AccessDeniedException", "kms_refused"},
                                            {"DisabledException", "kms_refused"},
                                            {"KMSInvalidStateException", "kms_refused"},
                                            {"NotFoundException", "kms_refused"},
                                            {"KMSInternalException", "kms_unavailable"}}) {
        kms.troubles = {{wrapping_arn(2), trouble}};
        const Json refused = create("first", 1, {{"threshold", 1}});
        EXPECT_EQ(code(refused), expected) << trouble;
        EXPECT_TRUE(message(refused).starts_with(wrapping_arn(2))) << message(refused);
        EXPECT_TRUE(message(refused).contains(trouble)) << message(refused);
        EXPECT_TRUE(message(refused).contains("nothing was written")) << message(refused);
        EXPECT_TRUE(table.items.empty()) << trouble;
    }
}

TEST_F(SealedOperator, ADryRunAsksKmsShowsNoKeyAndWritesNothing) {
    const Json rehearsed = create("first", 2, {{"dry_run", true}});
    EXPECT_EQ(code(rehearsed), "ok") << rehearsed;
    EXPECT_EQ(rehearsed.at("dry_run"), true);
    EXPECT_TRUE(rehearsed.at("keys").empty()) << "nobody may register a key that is gone";
    EXPECT_EQ(kms.calls["Encrypt"], 1);
    EXPECT_TRUE(table.items.empty());
    kms.troubles = {{wrapping_arn(1), "AccessDeniedException"}};
    EXPECT_EQ(code(create("first", 2, {{"dry_run", true}})), "kms_refused");
    kms.troubles.clear();
    const Json made = create("first", 2);
    EXPECT_EQ(create("first", 2, {{"dry_run", true}}).at("keys"), made.at("keys"));
}

TEST_F(SealedOperator, ADamagedBatchIsRefusedAndLeftAlone) {
    ASSERT_EQ(code(create("first", 1)), "ok");
    const auto sound = table.items;
    const std::pair<std::string, std::string> key{"batch/first", "batch"};
    for (const auto& [attribute, value] : std::map<std::string, Json>{
             {"keys", {{"L", Json::array()}}},
             {"fields", {{"N", "1"}}},
             {"made", {{"S", "today"}}},
             {"pending", {{"L", Json::array({{{"M", Json::object()}}})}}}}) {
        table.items = sound;
        table.items.at(key)[attribute] = value;
        const auto before = table.items;
        const Json refused = create("first", 1);
        EXPECT_EQ(code(refused), "damaged_row") << attribute;
        EXPECT_TRUE(message(refused).contains("`first`")) << message(refused);
        EXPECT_EQ(table.items, before) << attribute;
    }
}

TEST_F(SealedOperator, ATableThatAnswersAnotherItemIsNotBelieved) {
    ASSERT_EQ(code(create("other", 1)), "ok");
    const Json other = items("batch").front();
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (!is_write(call)) return std::nullopt;
        return aws_error(400, "ConditionalCheckFailedException", world.clock.wall(),
                         {{"Item", other}});
    };
    EXPECT_EQ(code(create("first", 1)), "damaged_row");
}

TEST_F(SealedOperator, ListKeysTellsWhatThereIsAndWhatIsServed) {
    EXPECT_EQ(ask({{"command", "list_keys"}}).at("keys"), Json::array());
    const Json made = create("first", 2);
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const Json backed = create("second", 1);
    served = {tezos::KeyInfo(
        tezos::parse_public_key(made["keys"][1]["public_key"].get<std::string>()).value())};
    const Json listed = ask({{"command", "list_keys"}});
    ASSERT_EQ(code(listed), "ok") << listed;
    std::map<std::string, Json> by_address;
    for (const Json& key : listed.at("keys")) by_address[key.at("pkh")] = key;
    ASSERT_EQ(by_address.size(), 3U);
    const Json& mine = by_address.at(made["keys"][1]["pkh"]);
    EXPECT_EQ(mine, (Json{{"pkh", made["keys"][1]["pkh"]},
                          {"public_key", made["keys"][1]["public_key"]},
                          {"wrap", made["keys"][1]["wrap"]},
                          {"made", unix_ms(world.clock.wall())},
                          {"backup", false},
                          {"served", true}}));
    EXPECT_EQ(by_address.at(made["keys"][0]["pkh"]).at("served"), false);
    EXPECT_EQ(create("first", 2).at("served"), Json::array({served.front().public_key_text}))
        << "what is served now, to be named beside new ones";
    EXPECT_EQ(by_address.at(backed["keys"][0]["pkh"]).at("backup"), true);
    EXPECT_EQ(listed.at("missing"), Json::array());
    EXPECT_EQ(listed.at("wraps").size(), 2U);
    EXPECT_EQ(listed["wraps"][0]["kms_keys"], Json::array({wrapping_arn(1)}));

    table.items.erase({served.front().address, "sealed"});
    sealed_item(made["keys"][0]["pkh"]).erase("wrap");
    const Json less = ask({{"command", "list_keys"}});
    EXPECT_EQ(less.at("missing"), Json::array({served.front().address}));
    EXPECT_EQ(less.at("damaged"),
              Json::array({{{"pkh", made["keys"][0]["pkh"]}, {"scope", "sealed"}}}));
    EXPECT_EQ(code(ask({{"command", "list_keys"}, {"keys", Json::array()}})), "bad_request");
}

TEST_F(SealedOperator, ASealedKeyIsOperatedAsAnyOther) {
    const Json made = create("first", 1);
    served = {tezos::KeyInfo(
        tezos::parse_public_key(made["keys"][0]["public_key"].get<std::string>()).value())};
    const auto command = [this](const std::string& name, Json more = Json::object()) {
        more["command"] = name;
        return ask(more);
    };
    const Json armed = command("arm", {{"chain", mainnet}, {"level", 1000}});
    EXPECT_EQ(code(armed), "ok") << armed;
    const Json status = command("status");
    ASSERT_EQ(code(status), "ok");
    EXPECT_EQ(status.at("keys"), Json::array({{{"arn", nullptr},
                                               {"pkh", served[0].address},
                                               {"public_key", served[0].public_key_text}}}));
    EXPECT_EQ(status.at("rows").size(), 3U) << "the sealed item is no row";
    for (const Json& row : status.at("rows")) EXPECT_FALSE(row.contains("damaged"));
    EXPECT_EQ(code(command("raise", {{"chain", mainnet}, {"level", 1001}})), "ok");
    EXPECT_EQ(code(command("handover", {{"chain", mainnet}, {"until", 1005}})), "ok");
    const Json exported = command("export", {{"to", "redoubt"}});
    ASSERT_EQ(code(exported), "ok") << exported;
    EXPECT_EQ(exported.at("rows").size(), 3U);
    EXPECT_EQ(code(command("import",
                           {{"from", "redoubt"}, {"data", exported.at("data")}, {"level", 1001}})),
              "ok");
}

}  // namespace
}  // namespace redoubt::test
