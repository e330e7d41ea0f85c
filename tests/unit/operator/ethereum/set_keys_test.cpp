// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <redoubt/base/encoding.hpp>

#include "validators_fixture.hpp"

namespace redoubt::test {
namespace {

class SetKeys : public ValidatorsOperator {
protected:
    SetKeys() {
        for (const Json& key : made.at("keys")) names.push_back(key.at("public_key"));
    }
    /// The table's items of all keys.
    [[nodiscard]] std::vector<Json> rows() const { return items("0x"); }
    static std::set<std::string> outcomes(const Json& answer) {
        std::set<std::string> out;
        for (const Json& key : answer.at("keys")) out.insert(key.at("outcome"));
        return out;
    }

    const Json made = create("first", 3);
    std::vector<std::string> names;
};

TEST_F(SetKeys, SwitchesOffAndOnAgainAndTellsTheIndex) {
    const Json off = about(made, "set_keys", {{"on", false}});
    ASSERT_EQ(code(off), "ok") << off;
    EXPECT_EQ(outcomes(off), std::set<std::string>{"set"});
    for (const Json& row : rows()) {
        EXPECT_EQ(row.at("on"), (Json{{"BOOL", false}}));
        EXPECT_FALSE(row.contains("shard")) << "so the index has it no more";
    }
    EXPECT_EQ(outcomes(about(made, "set_keys", {{"on", false}})),
              std::set<std::string>{"unchanged"});
    const Json on = about(made, "set_keys", {{"on", true}});
    EXPECT_EQ(outcomes(on), std::set<std::string>{"set"});
    for (const Json& row : rows()) {
        const std::string id = row.at("id").at("S");
        EXPECT_EQ(row.at("on"), (Json{{"BOOL", true}}));
        EXPECT_EQ(row.at("shard"), (Json{{"S", id.substr(id.size() - 1)}}));
    }
}

TEST_F(SetKeys, OneThatIsUnknownHoldsUpAll) {
    const std::string unknown = "0x" + std::string(96, 'a');
    const auto before = rows();
    for (Json command :
         {Json{{"command", "set_keys"}, {"on", false}},
          Json{{"command", "set_until"}, {"until", 7}},
          Json{{"command", "tag_keys"}, {"tags", {"a"}}},
          Json{{"command", "set_fee"}, {"fee", {address}}}, Json{{"command", "delete_keys"}}}) {
        command["keys"] = {names[0], unknown};
        const Json refused = ask(command);
        EXPECT_EQ(code(refused), "unknown_key") << command;
        EXPECT_TRUE(message(refused).contains(unknown)) << message(refused);
    }
    EXPECT_EQ(rows(), before);
    EXPECT_TRUE(item(unknown).is_null()) << "none makes an item";
}

TEST_F(SetKeys, AKeyThatGoesMeanwhileIsNotMadeAgain) {
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem") return std::nullopt;
        static_cast<void>(dynamodb->operate(
            "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", names[0]}}}}}}));
        return std::nullopt;
    };
    const Json told_now = ask({{"command", "set_keys"}, {"keys", {names[0]}}, {"on", false}});
    EXPECT_EQ(code(told_now), "unknown_key");
    EXPECT_TRUE(item(names[0]).is_null());
}

/// A write whose answer was given up may be on its way still, and a try of it beside that.
TEST_F(SetKeys, AWriteThatComesLateUndoesNoLaterOne) {
    const auto give = [&](const Json& fields) {
        std::vector<Json> written;
        interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
            if (operation_of(call) == "UpdateItem") written.push_back(body_of(call));
            return std::nullopt;
        };
        Json command = fields;
        command["keys"] = {names[0]};
        EXPECT_EQ(outcomes(ask(command)), std::set<std::string>{"set"}) << command;
        interrupt = {};
        return written.at(0);
    };
    const Json off{{"command", "set_keys"}, {"on", false}};
    const Json on{{"command", "set_keys"}, {"on", true}};
    const auto until = [](const Json& epoch) {
        return Json{{"command", "set_until"}, {"until", epoch}, {"force", true}};
    };
    const Json tagged{{"command", "tag_keys"}, {"tags", {"a"}}};
    const Json untagged{{"command", "tag_keys"}, {"tags", Json::array()}};
    const Json fee{{"command", "set_fee"}, {"fee", {address}}};
    const Json no_fee{{"command", "set_fee"}, {"fee", Json::array()}};
    give(off);
    for (const auto& [first, then] :
         {std::pair(on, off), std::pair(until(90), until(50)), std::pair(until(nullptr), until(7)),
          std::pair(tagged, untagged), std::pair(fee, no_fee)}) {
        const Json late = give(first);
        give(then);
        const Json before = item(names[0]);
        EXPECT_THROW(static_cast<void>(dynamodb->operate("UpdateItem", late)),
                     standins::AwsException)
            << late;
        EXPECT_EQ(item(names[0]), before) << first;
    }
}

/// The first one's write is on its way still, when the second one finds nothing to change.
TEST_F(SetKeys, WhatIsSoAlreadyIsTheLastWord) {
    ASSERT_EQ(code(about(made, "set_keys", {{"on", false}})), "ok");
    Json late;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem") return std::nullopt;
        late = body_of(call);
        return lost(http::TransportFailure::Timeout);
    };
    const Json on{{"command", "set_keys"}, {"keys", {names[0]}}, {"on", true}};
    EXPECT_EQ(code(ask(on)), "table_unavailable");
    interrupt = {};
    EXPECT_EQ(outcomes(about(made, "set_keys", {{"on", false}})),
              std::set<std::string>{"unchanged"});
    EXPECT_THROW(static_cast<void>(dynamodb->operate("UpdateItem", late)), standins::AwsException);
    EXPECT_EQ(item(names[0]).at("on"), (Json{{"BOOL", false}}));
}

TEST_F(SetKeys, AnAnswerThatIsLostIsAskedForAgain) {
    int lost_answers = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem" || lost_answers++ > 0) return std::nullopt;
        static_cast<void>(carry_out(call));
        return lost(http::TransportFailure::Timeout);
    };
    const Json told_now = ask({{"command", "set_keys"}, {"keys", {names[0]}}, {"on", false}});
    EXPECT_EQ(outcomes(told_now), std::set<std::string>{"set"});
    EXPECT_EQ(lost_answers, 2);
}

/// Else it would bring back what somebody took away after it was given up.
TEST_F(SetKeys, WhatLetsAKeySignLessFollowsWhatOthersSetAndNothingElseDoes) {
    Byte words = 0;
    int others = 0;  // commands of others, just before a write of this one
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem" || others == 0) return std::nullopt;
        --others;
        Json row = item(names[0]);
        row["set"] = {{"B", to_base64(Bytes(16, ++words))}};
        put(row);
        return std::nullopt;
    };
    const auto set = [&](const std::string& command, Json fields) {
        fields["command"] = command;
        fields["keys"] = {names[0]};
        return ask(fields);
    };
    others = 4;
    EXPECT_EQ(outcomes(set("set_keys", {{"on", false}})), std::set<std::string>{"set"});
    EXPECT_EQ(item(names[0]).at("on"), (Json{{"BOOL", false}}));
    others = 4;
    EXPECT_EQ(outcomes(set("set_until", {{"until", 90}})), std::set<std::string>{"set"});
    others = 5;
    EXPECT_EQ(code(set("set_keys", {{"on", false}})), "table_unavailable") << "not for ever";
    const Json before = item(names[0]);
    for (const auto& [command, fields] :
         std::vector<std::pair<std::string, Json>>{{"set_keys", {{"on", true}}},
                                                   {"set_until", {{"until", 80}, {"force", true}}},
                                                   {"tag_keys", {{"tags", {"a"}}}},
                                                   {"set_fee", {{"fee", {address}}}}}) {
        others = 1;
        const Json refused = set(command, fields);
        EXPECT_EQ(code(refused), "table_unavailable") << command;
        EXPECT_TRUE(message(refused).contains("came in between")) << message(refused);
        Json after = item(names[0]);
        after["set"] = before.at("set");
        EXPECT_EQ(after, before) << command;
    }
}

/// Whoever has a token may have the same vote signed as often as that goes.
TEST_F(SetKeys, NoSignerHoldsASwitchUp) {
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem") return std::nullopt;
        Json row = item(names[0]);
        row["at"] = {{"N", std::to_string(std::stoll(row["at"]["N"].get<std::string>()) + 1)}};
        row["tgt"] = {{"N", "42"}};
        put(row);
        return std::nullopt;
    };
    const std::size_t before = count_calls("UpdateItem");
    const Json told_now = ask({{"command", "set_keys"}, {"keys", {names[0]}}, {"on", false}});
    EXPECT_EQ(outcomes(told_now), std::set<std::string>{"set"});
    EXPECT_EQ(count_calls("UpdateItem"), before + 1);
}

TEST_F(SetKeys, ADeletionThatComesLateTakesNoOtherSecret) {
    Json late;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) == "UpdateItem") late = body_of(call);
        return std::nullopt;
    };
    const Json sealed = item(names[1]).at("sealed");
    ASSERT_EQ(code(ask({{"command", "delete_keys"}, {"keys", {names[0]}}})), "ok");
    interrupt = {};
    static_cast<void>(dynamodb->operate("UpdateItem", late));  // once more, which changes nothing
    Json row = item(names[0]);
    row["sealed"] = sealed;  // as `import_key` may have it, before the key was switched off
    put(row);
    EXPECT_THROW(static_cast<void>(dynamodb->operate("UpdateItem", late)), standins::AwsException);
    EXPECT_TRUE(item(names[0]).contains("sealed"));
}

TEST_F(SetKeys, AnEndOnlyComesNearerUnlessForced) {
    const auto set = [this](const Json& until, bool force) {
        return about(made, "set_until", {{"until", until}, {"force", force}});
    };
    EXPECT_EQ(outcomes(set(100, false)), std::set<std::string>{"set"});
    EXPECT_EQ(outcomes(set(90, false)), std::set<std::string>{"set"});
    EXPECT_EQ(rows().front().at("until"), (Json{{"N", "90"}}));
    for (const Json& later : {Json(91), Json()}) {
        const Json refused = set(later, false);
        EXPECT_EQ(code(refused), "handed_over") << later;
        EXPECT_TRUE(message(refused).contains("`force`")) << message(refused);
    }
    EXPECT_EQ(rows().front().at("until"), (Json{{"N", "90"}}));
    EXPECT_EQ(outcomes(set(91, true)), std::set<std::string>{"set"});
    EXPECT_EQ(outcomes(set(nullptr, true)), std::set<std::string>{"set"});
    EXPECT_FALSE(rows().front().contains("until"));
    EXPECT_EQ(outcomes(set(nullptr, false)), std::set<std::string>{"unchanged"});
}

TEST_F(SetKeys, TagsAndFeeRecipientsAreReplacedAsAWhole) {
    ASSERT_EQ(code(about(made, "tag_keys", {{"tags", {"b", "a"}}})), "ok");
    ASSERT_EQ(code(about(made, "set_fee", {{"fee", {address}}})), "ok");
    for (const Json& row : rows()) {
        EXPECT_EQ(row.at("tags"), (Json{{"SS", {"a", "b"}}}));
        EXPECT_EQ(row.at("fee"), (Json{{"SS", {address}}}));
    }
    EXPECT_EQ(outcomes(about(made, "tag_keys", {{"tags", {"a", "b"}}})),
              std::set<std::string>{"unchanged"});
    ASSERT_EQ(code(about(made, "tag_keys", {{"tags", Json::array()}})), "ok");
    EXPECT_FALSE(rows().front().contains("tags"));
    EXPECT_TRUE(rows().front().contains("fee"));
    EXPECT_EQ(code(about(made, "tag_keys")), "bad_request") << "nothing is no empty list";
    EXPECT_EQ(code(about(made, "set_fee")), "bad_request");
}

TEST_F(SetKeys, FieldsAreReadStrictly) {
    const auto before = rows();
    const std::vector<std::string> many(101, names[0]);
    for (const Json& command :
         {Json{{"command", "set_keys"}, {"keys", {names[0]}}, {"on", "true"}},
          Json{{"command", "set_keys"}, {"keys", {names[0]}}},
          Json{{"command", "set_keys"}, {"on", true}},
          Json{{"command", "set_keys"}, {"keys", Json::array()}, {"on", false}},
          Json{{"command", "set_keys"}, {"keys", names[0]}, {"on", false}},
          Json{{"command", "set_keys"}, {"keys", {names[0], names[0]}}, {"on", false}},
          Json{{"command", "set_keys"}, {"keys", {names[0].substr(0, 96)}}, {"on", false}},
          Json{{"command", "set_keys"}, {"keys", many}, {"on", false}},
          Json{{"command", "set_keys"}, {"keys", {7}}, {"on", false}},
          Json{{"command", "set_until"}, {"keys", {names[0]}}},
          Json{{"command", "set_until"}, {"keys", {names[0]}}, {"until", -1}},
          Json{{"command", "set_until"}, {"keys", {names[0]}}, {"until", "7"}},
          Json{{"command", "set_until"}, {"keys", {names[0]}}, {"until", 18446744073709551616.0}},
          Json{{"command", "list_keys"}, {"after", "0x"}},
          Json{{"command", "list_keys"}, {"after", Json::array()}},
          Json{{"command", "list_keys"}, {"after", std::vector<int>(16, 1)}},
          Json{{"command", "status"}, {"keys", {names[0]}}}}) {
        EXPECT_EQ(code(ask(command)), "bad_request") << command;
    }
    EXPECT_EQ(rows(), before);
}

TEST_F(SetKeys, ADamagedItemIsNamedAndLeftAlone) {
    Json damaged = item(names[1]);
    damaged["tgt"] = {{"S", "7"}};
    put(damaged);
    const Json refused = about(made, "set_keys", {{"on", false}});
    EXPECT_EQ(code(refused), "damaged_row");
    EXPECT_TRUE(message(refused).contains(names[1])) << message(refused);
    EXPECT_EQ(item(names[1]), damaged);
    EXPECT_EQ(item(names[0]).at("on"), (Json{{"BOOL", true}}));
    EXPECT_EQ(ask({{"command", "list_keys"}}).at("damaged"), Json::array({names[1]}));
    EXPECT_EQ(ask({{"command", "status"}}).at("counts"),
              (Json{{"keys", 2}, {"on", 2}, {"deleted", 0}, {"damaged", 1}}));
}

TEST_F(SetKeys, DeletedOnesAreOffTellWhatTheySignedAndKeepIt) {
    Json signed_once = item(names[0]);
    signed_once["src"] = {{"N", "41"}};
    signed_once["tgt"] = {{"N", "42"}};
    signed_once["slot"] = {{"N", "1300"}};
    put(signed_once);
    const Json gone = ask({{"command", "delete_keys"}, {"keys", {names[0]}}});
    ASSERT_EQ(code(gone), "ok") << gone;
    EXPECT_EQ(outcomes(gone), std::set<std::string>{"deleted"});
    const Json& data = gone.at("data");
    EXPECT_EQ(data.at("metadata").at("genesis_validators_root"),
              ethereum::prefixed_hex(network.genesis_validators_root));
    EXPECT_EQ(data.at("data"),
              Json::array(
                  {{{"pubkey", names[0]},
                    {"signed_blocks", {{{"slot", "1300"}}}},
                    {"signed_attestations", {{{"source_epoch", "41"}, {"target_epoch", "42"}}}}}}));
    const Json row = item(names[0]);
    EXPECT_FALSE(row.contains("sealed"));
    EXPECT_FALSE(row.contains("wrap"));
    EXPECT_FALSE(row.contains("shard"));
    EXPECT_EQ(row.at("tgt"), (Json{{"N", "42"}})) << "what was signed is not forgotten";
    EXPECT_FALSE(item("deposit/" + names[0]).is_null());
    const Json again = ask({{"command", "delete_keys"}, {"keys", {names[0]}}});
    EXPECT_EQ(again.at("data"), data) << "for whoever lost the answer";
    EXPECT_EQ(outcomes(again), std::set<std::string>{"unchanged"});
    const Json on = ask({{"command", "set_keys"}, {"keys", {names[0]}}, {"on", true}});
    EXPECT_EQ(code(on), "bad_request");
    EXPECT_TRUE(message(on).contains("`import_key`")) << message(on);
    EXPECT_EQ(item(names[0]).at("on"), (Json{{"BOOL", false}}));
}

TEST_F(SetKeys, NoSecretGoesWhileAKeyIsOn) {
    // The second key's switch fails.
    int seen = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem" || ++seen == 1) return std::nullopt;
        return lost(http::TransportFailure::Timeout);
    };
    const Json failed = about(made, "delete_keys");
    EXPECT_EQ(code(failed), "table_unavailable");
    EXPECT_FALSE(failed.contains("data"));
    for (const Json& row : rows()) EXPECT_TRUE(row.contains("sealed"));
    // One is switched on again, just before its secret would go.
    seen = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem" || ++seen != 2) return std::nullopt;
        Json row = item(names[0]);
        row["on"] = {{"BOOL", true}};
        put(row);
        return std::nullopt;
    };
    const Json met = ask({{"command", "delete_keys"}, {"keys", {names[0]}}});
    EXPECT_EQ(code(met), "bad_request") << met;
    EXPECT_TRUE(item(names[0]).contains("sealed"));
}

TEST_F(SetKeys, WhatSignedAfterItWasAnsweredKeepsItsSecret) {
    int seen = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem" || ++seen != 2) return std::nullopt;
        // It was switched on, signed, and was switched off.
        Json row = item(names[0]);
        row["tgt"] = {{"N", "1"}};
        put(row);
        return std::nullopt;
    };
    const Json met = ask({{"command", "delete_keys"}, {"keys", {names[0]}}});
    EXPECT_EQ(code(met), "bad_request") << met;
    EXPECT_TRUE(item(names[0]).contains("sealed"));
    interrupt = {};
    const Json again = ask({{"command", "delete_keys"}, {"keys", {names[0]}}});
    EXPECT_EQ(again["data"]["data"][0]["signed_attestations"][0]["target_epoch"], "1");
}

TEST_F(SetKeys, ACopyOfATableIsOnlySwitchedOff) {
    become_a_copy();
    const std::vector<Json> before = rows();
    for (const Json& command :
         {Json{{"command", "set_keys"}, {"on", true}}, Json{{"command", "delete_keys"}},
          Json{{"command", "set_until"}, {"until", 5}},
          Json{{"command", "tag_keys"}, {"tags", {"a"}}},
          Json{{"command", "set_fee"}, {"fee", {address}}}}) {
        const Json refused = about(made, command.at("command"), command);
        EXPECT_EQ(code(refused), "wrong_network") << command;
        EXPECT_FALSE(refused.contains("data")) << "it has forgotten what was signed since";
    }
    EXPECT_EQ(rows(), before);
    EXPECT_EQ(code(about(made, "set_keys", {{"on", false}})), "ok");
    static_cast<void>(dynamodb->operate(
        "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", "network"}}}}}}));
    EXPECT_EQ(code(about(made, "set_keys", {{"on", true}})), "wrong_network");
}

TEST_F(SetKeys, ListsPageByPageWhatThereIs) {
    const Json listed = ask({{"command", "list_keys"}});
    ASSERT_EQ(code(listed), "ok") << listed;
    EXPECT_EQ(listed.at("next"), nullptr);
    std::set<std::string> found;
    for (const Json& key : listed.at("keys")) {
        found.insert(key.at("public_key"));
        EXPECT_EQ(key.at("wrap"), made.at("wrap"));
        EXPECT_EQ(key.at("on"), true);
        EXPECT_EQ(key.at("target"), 0);
    }
    EXPECT_EQ(found, std::set<std::string>(names.begin(), names.end()));
    // More, of which a page has only some.
    paging = {.keys = 50, .items_of_a_part = 2};
    const Json like = item(names[0]);
    for (int i = 0; i < 200; ++i) {
        Json one = like;
        const std::string number = std::to_string(1'000'000 + i);
        one["id"] = {{"S", "0x" + std::string(96 - number.size(), 'b') + number}};
        put(one);
    }
    std::multiset<std::string> all;
    int pages = 0;
    for (Json next = nullptr; pages == 0 || !next.is_null(); ++pages) {
        Json command = {{"command", "list_keys"}};
        if (!next.is_null()) command["after"] = next;
        const Json page = ask(command);
        ASSERT_EQ(code(page), "ok") << page;
        for (const Json& key : page.at("keys")) all.insert(key.at("public_key"));
        next = page.at("next");
    }
    EXPECT_GT(pages, 2);
    EXPECT_EQ(all.size(), 203U) << "each once";
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 203U);
}

TEST_F(SetKeys, StatusTellsWhatTheTableIsFor) {
    ASSERT_EQ(code(ask({{"command", "delete_keys"}, {"keys", {names[0]}}})), "ok");
    const Json status = ask({{"command", "status"}});
    ASSERT_EQ(code(status), "ok") << status;
    EXPECT_EQ(status.at("network").at("name"), "hoodi");
    EXPECT_EQ(status.at("table"), table_name);
    EXPECT_EQ(status.at("table_is_for").at("is_ours"), true);
    EXPECT_EQ(status.at("wraps"), Json::array({made.at("wrap")}));
    EXPECT_EQ(status.at("counts"), (Json{{"keys", 3}, {"on", 2}, {"deleted", 1}, {"damaged", 0}}));
    EXPECT_EQ(status.at("backup"), false);
    Json other = item("network");
    other["table"] = {{"S", "redoubt-validators-restored"}};
    put(other);
    EXPECT_EQ(ask({{"command", "status"}}).at("table_is_for").at("is_ours"), false);
    static_cast<void>(dynamodb->operate(
        "DeleteItem", {{"TableName", table_name}, {"Key", {{"id", {{"S", "network"}}}}}}));
    EXPECT_EQ(ask({{"command", "status"}}).at("table_is_for"), nullptr);
}

}  // namespace
}  // namespace redoubt::test
