// SPDX-License-Identifier: Apache-2.0
#include "operator_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Operator, CommandsThatThereAreNotAreRefusedAndTheOthersNamed) {
    for (const std::string name : {"lower", "warm", "Status", "", "arm "}) {
        const Json answer = ask({{"command", name}});
        EXPECT_EQ(code(answer), "bad_request");
        EXPECT_EQ(answer["error"]["msg"],
                  "the commands are `status`, `arm`, `raise`, `handover`, `import`, `export`, "
                  "`create_key`, `list_keys` and `doctor`");
    }
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(Operator, FieldsAreReadStrictly) {
    const std::string address = first.named().address;
    const std::string stranger = baker.named().address;
    struct Row {
        std::string name;
        Json more;
        std::string code;
    };
    for (const std::string command : {"arm", "raise"}) {
        for (const Row& row : {
                 Row{"no chain", {{"chain", nullptr}}, "bad_request"},
                 Row{"chain in hex", {{"chain", "7a06a770"}}, "bad_request"},
                 Row{"mistyped chain", {{"chain", "NetXdQprcVkpaWV"}}, "bad_request"},
                 Row{"no level", {{"level", nullptr}}, "bad_request"},
                 Row{"level as a text", {{"level", "1000"}}, "bad_request"},
                 Row{"fraction", {{"level", 1000.5}}, "bad_request"},
                 Row{"whole fraction", {{"level", 1000.0}}, "bad_request"},
                 Row{"negative level", {{"level", -1}}, "bad_request"},
                 Row{"level of 2^31", {{"level", 2147483648}}, "bad_request"},
                 Row{"huge level", {{"level", 18446744073709551615ULL}}, "bad_request"},
                 Row{"misspelt field", {{"levle", 1000}}, "bad_request"},
                 Row{"no list of keys", {{"keys", address}}, "bad_request"},
                 Row{"empty list of keys", {{"keys", Json::array()}}, "bad_request"},
                 Row{"key twice", {{"keys", {address, address}}}, "bad_request"},
                 Row{"unknown key", {{"keys", {stranger}}}, "unknown_key"},
                 Row{"key that is none", {{"keys", {"tz1"}}}, "unknown_key"},
                 Row{"number for a key", {{"keys", {7}}}, "unknown_key"},
             }) {
            Json asked = {{"command", command}, {"chain", mainnet_text}, {"level", 1000}};
            asked.update(row.more);
            EXPECT_EQ(code(ask(asked)), row.code) << command << ": " << row.name;
        }
    }
    const auto refusal = [&](const Json& keys) {
        const Json answer = ask({{"command", "export"}, {"to", "redoubt"}, {"keys", keys}});
        return answer.at("error").at("msg").get<std::string>();
    };
    EXPECT_TRUE(refusal({stranger}).contains(stranger + " is not of KMS_KEY_ID or SEALED_KEYS"));
    EXPECT_TRUE(refusal({address, "tz1"}).contains("entry 2 is not an address"));
    for (const Json& more :
         {Json{{"round", -1}}, Json{{"round", 2147483648}}, Json{{"round", "0"}},
          Json{{"force", 1}}, Json{{"force", "true"}}, Json{{"force", nullptr}}}) {
        Json asked = {{"level", 1000}};
        asked.update(more);
        EXPECT_EQ(code(raise(asked)), "bad_request") << more;
    }
    EXPECT_EQ(
        code(
            ask({{"command", "arm"}, {"chain", mainnet_text}, {"level", 1000}, {"force", "true"}})),
        "bad_request");
    EXPECT_EQ(
        code(ask({{"command", "arm"}, {"chain", mainnet_text}, {"level", 1000}, {"round", 0}})),
        "bad_request")
        << "arm has no round";
    EXPECT_EQ(code(ask({{"command", "status"}, {"chain", mainnet_text}})), "bad_request");
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(Operator, StatusShowsWhatThereIs) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(second, "block", 1001);
    world.runner.calls.clear();
    const Json status = ask({{"command", "status"}});
    EXPECT_EQ(code(status), "ok");
    EXPECT_EQ(status.at("version"), "1.2.3");
    EXPECT_EQ(status.at("table"), "redoubt-watermarks");
    EXPECT_EQ(status.at("keys").at(1), (Json{{"arn", "arn 2"},
                                             {"pkh", second.named().address},
                                             {"public_key", second.named().public_key_text}}));
    EXPECT_EQ(status.at("addresses"), (Json{first.named().address, second.named().address}));
    EXPECT_EQ(status.at("authorized_keys"), (Json{baker.named().address}));
    ASSERT_EQ(status.at("rows").size(), 6U);
    EXPECT_EQ(world.runner.calls.size(), 4U) << "two pages a key";
    for (const Json& row : status.at("rows")) {
        const bool is_signed = row.at("pkh") == second.named().address && row.at("kind") == "block";
        EXPECT_EQ(row.at("level"), is_signed ? 1001 : 1000);
        EXPECT_EQ(row.at("digest").is_null(), !is_signed);
        EXPECT_FALSE(row.contains("sig"));
    }
}

TEST_F(Operator, StatusSaysWhatARowsNumbersMean) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(second, "block", 1001);
    world.clock.advance(50s);
    item(first, "block")["pace"] = aws::dynamodb::number(INT64_MAX);
    item(first, "block")["at"] = aws::dynamodb::number(INT64_MAX);
    item(first, "attestation")["pace"] = aws::dynamodb::number(INT64_MIN);
    item(first, "attestation")["at"] = aws::dynamodb::number(INT64_MIN);
    const Json answer = ask({{"command", "status"}});
    for (const Json& row : answer.at("rows")) {
        const bool is_first = row.at("pkh") == first.named().address;
        if (is_first && row.at("kind") != "preattestation") {
            EXPECT_EQ(row.at("written"), nullptr) << row;
            EXPECT_EQ(row.at("signs_up_to"), row.at("kind") == "block" ? highest : 0) << row;
            continue;
        }
        EXPECT_EQ(row.at("written"), "2026-11-21T10:00:00.000Z");
        EXPECT_EQ(row.at("signs_up_to"), 1350);
        const bool is_signed = !is_first && row.at("kind") == "block";
        EXPECT_EQ(row.at("level_closed"), !is_signed);
        EXPECT_EQ(row.at("signs_from"), (is_signed ? Json{{"level", 1001}, {"round", 1}}
                                                   : Json{{"level", 1001}, {"round", 0}}));
    }
}

TEST_F(Operator, StatusNamesTheLevelsThatArmTakes) {
    const Json limits = ask({{"command", "status"}}).at("limits");
    EXPECT_EQ(limits.at("highest_level_to_arm"), 50'000'000);
    EXPECT_EQ(limits.at("highest_level_to_arm_with_force"), 264'938'400);
}

TEST_F(Operator, StatusShowsTheClockAgainstAws) {
    world.runner.follow([this](const http::ClientRequest& /*call*/) {
        return aws_answer(200, {{"Items", Json::array()}}, world.clock.wall() + 90s);
    });
    const Json status = ask({{"command", "status"}});
    EXPECT_EQ(status.at("clock"), (Json{{"ahead_of_us_ms", 90'000}, {"corrected_by_ms", 0}}));
}

TEST_F(Operator, RowsWithoutEndAreNotRead) {
    const std::string address = first.named().address;
    for (int i = 0; i <= 3000; ++i) {
        const std::string scope = std::to_string(i);
        table.items[{address, scope}] = {{"pkh", {{"S", address}}}, {"scope", {{"S", scope}}}};
    }
    const Json status = ask({{"command", "status"}});
    EXPECT_EQ(code(status), "table_refused");
    EXPECT_TRUE(status.at("error").at("msg").get<std::string>().contains("than any signer"));
    table.items.erase(table.items.begin());
    EXPECT_EQ(code(ask({{"command", "status"}})), "ok");
}

TEST_F(Operator, StatusShowsADamagedRowAsSuch) {
    EXPECT_EQ(code(arm(1000)), "ok");
    item(first, "block").erase("pace");
    const Json status = ask({{"command", "status"}});
    EXPECT_EQ(code(status), "ok");
    EXPECT_EQ(std::ranges::count_if(status.at("rows"),
                                    [](const Json& row) { return row.value("damaged", false); }),
              1);
}

}  // namespace
}  // namespace redoubt::test
