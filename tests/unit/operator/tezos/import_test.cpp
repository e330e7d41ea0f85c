// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "import_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Importing, ArmsWhatIsMissingAtTheHighestOfAllThatIsKnownPlusTheMargin) {
    OctezMarks marks = all_at(990, 3);
    marks["block"][first.named().address] = {1005, 1};
    const Json answer = import(octez_data(marks));
    EXPECT_EQ(code(answer), "ok") << answer;
    EXPECT_EQ(outcomes(answer), all("armed"));
    EXPECT_EQ(answer.at("margin"), 2);
    EXPECT_EQ(answer.at("level"), 1000);
    EXPECT_EQ(answer.at("chain"), mainnet_text);
    EXPECT_EQ(position(item(first, "block")), (std::pair{1007L, highest})) << "the data's and 2";
    EXPECT_EQ(position(item(first, "attestation")), (std::pair{1002L, highest})) << "the head's, 2";
    const Json& row = answer.at("rows").at(0);
    EXPECT_EQ(row.at("before"), nullptr);
    EXPECT_EQ(row.at("after").at("level"), 1007);
    EXPECT_EQ(row.at("in_data"), (Json{{"level", 1005}, {"round", 1}}));
    EXPECT_EQ(row.at("target"), (Json{{"level", 1007}, {"round", highest}}));
}

TEST_F(Importing, ThePaceComesFromTheHead) {
    EXPECT_EQ(code(import(octez_data(all_at(1200)), {{"margin", 50}})), "ok");
    EXPECT_EQ(position(item(first, "block")).first, 1250);
    EXPECT_EQ(item(first, "block")["pace"], aws::dynamodb::number(pace(1000)));
    EXPECT_EQ(item(first, "block")["at"], aws::dynamodb::number(unix_ms(world.clock.wall())));
}

TEST_F(Importing, RaisesWhatIsLowerAndForgetsWhatWasSigned) {
    EXPECT_EQ(code(arm(900)), "ok");
    sign(first, "block", 901);
    const Json answer = import(octez_data(all_at(999)));
    EXPECT_EQ(code(answer), "ok") << answer;
    EXPECT_EQ(outcomes(answer), all("raised"));
    EXPECT_EQ(position(item(first, "block")), (std::pair{1002L, highest}));
    EXPECT_FALSE(item(first, "block").contains("digest"));
    EXPECT_FALSE(item(first, "block").contains("sig"));
    EXPECT_EQ(answer.at("rows").at(0).at("before").at("level"), 901);
    EXPECT_EQ(answer.at("rows").at(0).at("after").at("level"), 1002);
}

TEST_F(Importing, LeavesEqualAndHigherRowsUntouched) {
    EXPECT_EQ(code(arm(1002)), "ok");
    sign(second, "attestation", 1003);
    const auto before = table.items;
    world.clock.advance(10s);
    const Json answer = import(octez_data(all_at(1000)));
    EXPECT_EQ(code(answer), "ok");
    EXPECT_EQ(outcomes(answer), all("unchanged"));
    EXPECT_EQ(table.items, before);
}

TEST_F(Importing, WithoutAMarginThePositionIsTheMarksOwn) {
    const Json answer = import(octez_data(all_at(1005, 3)), {{"margin", 0}});
    EXPECT_EQ(code(answer), "ok");
    EXPECT_EQ(position(item(first, "block")), (std::pair{1005L, 3L}));
    const Json below = import(octez_data(all_at(999, 3)), {{"margin", 0}, {"level", 1006}});
    EXPECT_EQ(outcomes(below), all("raised"));
    EXPECT_EQ(position(item(first, "block")), (std::pair{1006L, highest})) << "the head's, closed";
}

TEST_F(Importing, AKindThatTheDataLacksIsArmedAtTheHead) {
    const std::string key = first.named().address;
    const Json answer = import(octez_data({{"attestation", {{key, {1010, 0}}}}}));
    EXPECT_EQ(code(answer), "ok") << answer;
    ASSERT_EQ(answer.at("rows").size(), 3U);
    EXPECT_EQ(position(item(first, "attestation")).first, 1012);
    EXPECT_EQ(position(item(first, "block")).first, 1002);
    EXPECT_EQ(answer.at("rows").at(0).at("in_data"), nullptr);
    EXPECT_EQ(answer.at("not_in_data"), (Json{second.named().address}));
    EXPECT_EQ(table.items.size(), 3U) << "nothing of the key that the data does not name";
}

TEST_F(Importing, AnUntilStays) {
    EXPECT_EQ(code(arm(900)), "ok");
    item(first, "block")["until"] = aws::dynamodb::number(950);
    const Json answer = import(octez_data(all_at(999)));
    EXPECT_EQ(code(answer), "ok");
    EXPECT_TRUE(answer.at("note").get<std::string>().contains("signs nothing any more"));
    EXPECT_EQ(item(first, "block")["until"], aws::dynamodb::number(950));
    EXPECT_EQ(position(item(first, "block")).first, 1002);
}

TEST_F(Importing, ADryRunSaysWhatTheRunDoesAndChangesNothing) {
    ASSERT_EQ(code(ask({{"command", "arm"},
                        {"chain", mainnet_text},
                        {"level", 900},
                        {"keys", {first.named().address}}})),
              "ok");
    sign(first, "attestation", 1100);
    const auto before = table.items;
    world.runner.calls.clear();
    const Json data = octez_data(all_at(1001, 4));
    Json dry = import(data, {{"dry_run", true}});
    EXPECT_EQ(code(dry), "ok");
    EXPECT_EQ(table.items, before);
    EXPECT_FALSE(wrote());
    EXPECT_EQ(dry.at("dry_run"), true);
    dry.erase("dry_run");
    EXPECT_EQ(dry, import(data));
    EXPECT_EQ(outcomes(dry), (std::vector<std::string>{"raised", "raised", "unchanged", "armed",
                                                       "armed", "armed"}));
    EXPECT_EQ(table.items.size(), 6U);
}

TEST_F(Importing, ASignerThatGoesOnMeanwhileIsNotLowered) {
    EXPECT_EQ(code(arm(900)), "ok");
    bool has_signed = false;
    world.runner.follow([&](const http::ClientRequest& call) {
        if (is_write(call) && !has_signed) {
            has_signed = true;
            sign(first, "block", 1150);
        }
        return table.answer(call);
    });
    const Json answer = import(octez_data(all_at(1000)));
    EXPECT_EQ(code(answer), "ok") << answer;
    ASSERT_TRUE(has_signed);
    EXPECT_EQ(outcomes(answer)[0], "unchanged");
    EXPECT_EQ(answer.at("rows").at(0).at("before").at("level"), 900);
    EXPECT_EQ(answer.at("rows").at(0).at("after").at("level"), 1150);
    EXPECT_EQ(position(item(first, "block")), (std::pair{1150L, 0L}));
    EXPECT_TRUE(item(first, "block").contains("digest"));
}

TEST_F(Importing, WhereOneWriteFailsTheAnswerListsEachRow) {
    const std::string failing = mainnet_text + "/preattestation";
    world.runner.follow([&](const http::ClientRequest& call) -> http::ResponseOrError {
        if (is_write(call) && body_of(call).at("Key").at("scope").at("S") == failing) {
            return aws_error(400, "AccessDeniedException", world.clock.wall());
        }
        return table.answer(call);
    });
    const Json answer = import(octez_data(all_at(1000)));
    EXPECT_EQ(code(answer), "table_refused");
    EXPECT_EQ(outcomes(answer), (std::vector<std::string>{"armed", "table_refused", "armed",
                                                          "armed", "table_refused", "armed"}));
    EXPECT_EQ(table.items.size(), 4U);
    EXPECT_FALSE(answer.contains("note"));
}

TEST_F(Importing, ARowBeyondTheFenceIsLiftedOnlyWithForce) {
    EXPECT_EQ(code(arm(600)), "ok");
    const auto before = table.items;
    const Json answer = import(octez_data(all_at(1000)));
    EXPECT_EQ(code(answer), "too_far_ahead");
    EXPECT_EQ(outcomes(answer), all("too_far_ahead"));
    EXPECT_EQ(table.items, before);
    EXPECT_EQ(outcomes(import(octez_data(all_at(1000)), {{"force", true}})), all("raised"));
}

TEST_F(Importing, ADamagedRowIsNotWrittenOver) {
    EXPECT_EQ(code(arm(900)), "ok");
    item(first, "block").erase("pace");
    const Json answer = import(octez_data(all_at(1000)));
    EXPECT_EQ(code(answer), "damaged_row");
    EXPECT_EQ(outcomes(answer)[0], "damaged_row");
    EXPECT_FALSE(item(first, "block").contains("pace"));
}

TEST_F(Importing, KeysThatAreNotOursAreRefusedByNameUnlessKeysSelects) {
    const std::string stranger = baker.named().address;
    OctezMarks marks = all_at(1000);
    marks["block"][stranger] = {5, 0};
    const Json answer = import(octez_data(marks));
    EXPECT_EQ(code(answer), "unknown_key");
    EXPECT_NE(message(answer).find(stranger), std::string::npos);
    EXPECT_TRUE(table.items.empty());
    const Json chosen = import(octez_data(marks), {{"keys", {first.named().address}}});
    EXPECT_EQ(code(chosen), "ok");
    EXPECT_EQ(table.items.size(), 3U);
    std::set<std::string> left_out;
    for (const Json& entry : chosen.at("left_out")) {
        EXPECT_EQ(entry.at("chain"), mainnet_text);
        left_out.insert(entry.at("pkh"));
    }
    EXPECT_EQ(left_out, (std::set<std::string>{stranger, second.named().address}));
}

TEST_F(Importing, AKeyThatTheDataDoesNotNameIsRefused) {
    const Json data = octez_data({{"block", {{first.named().address, {5, 0}}}}});
    const Json answer = import(data, {{"keys", {second.named().address}}});
    EXPECT_EQ(code(answer), "bad_request");
    EXPECT_NE(message(answer).find("no watermark of " + second.named().address), std::string::npos);
    EXPECT_TRUE(table.items.empty());
}

TEST_F(Importing, OfSeveralChainsOneIsNamed) {
    const std::string key = first.named().address;
    const std::string other = "NetXL8DCcdd3aRR";
    const Json data = {{"block_high_watermarks", octez_file({{key, {999, 0}}})},
                       {"attestation_high_watermarks", octez_file({{key, {500, 0}}}, other)}};
    const Json unnamed = import(data);
    EXPECT_EQ(code(unnamed), "bad_request");
    EXPECT_NE(message(unnamed).find(other + ", " + mainnet_text), std::string::npos);
    const Json mistaken = import(data, {{"chain", "NetXo5iVw1vBoxM"}});
    EXPECT_EQ(code(mistaken), "bad_request");
    EXPECT_NE(message(mistaken).find("nothing of the chain NetXo5iVw1vBoxM"), std::string::npos);
    EXPECT_EQ(code(import(data, {{"chain", "NetXo5iVw1vBoxN"}})), "bad_request") << "mistyped";
    EXPECT_TRUE(world.runner.calls.empty());
    const Json named = import(data, {{"chain", other}, {"level", 600}});
    EXPECT_EQ(code(named), "ok");
    EXPECT_EQ(named.at("left_out"), (Json{{{"chain", mainnet_text}, {"pkh", key}}}));
    EXPECT_TRUE(table.items.contains({key, other + "/attestation"}));
    EXPECT_FALSE(table.items.contains({key, mainnet_text + "/block"}));
}

TEST_F(Importing, ALevelThatIsFarBelowWhatIsKnownIsRefusedUnlessForced) {
    const Json data = octez_data(all_at(1299));
    EXPECT_EQ(code(import(data)), "too_far_ahead") << "1299 and 2 are 301 above the head";
    EXPECT_EQ(code(import(data, {{"dry_run", true}})), "too_far_ahead");
    EXPECT_EQ(code(import(octez_data(all_at(1000)), {{"margin", 301}})), "too_far_ahead");
    EXPECT_TRUE(world.runner.calls.empty());
    EXPECT_EQ(code(import(data, {{"margin", 1}})), "ok") << "five minutes, at one a second";
    EXPECT_EQ(code(import(octez_data(all_at(9999)), {{"force", true}})), "ok");
    EXPECT_EQ(item(first, "block")["pace"], aws::dynamodb::number(pace(1000)));
}

TEST_F(Importing, ALevelThatNoChainCanHaveIsRefusedEvenWithForce) {
    for (const Json& more : {Json{{"level", 264'938'401}}, Json{{"level", highest}},
                             Json{{"margin", highest}}, Json{{"margin", 264'938'000}}}) {
        Json forced = more;
        forced["force"] = true;
        EXPECT_EQ(code(import(octez_data(all_at(1000)), forced)), "too_far_ahead") << more;
    }
    const Json burnt = import(octez_data(all_at(highest)), {{"force", true}});
    EXPECT_EQ(code(burnt), "too_far_ahead");
    EXPECT_EQ(code(import(octez_data(all_at(1)), {{"level", 50'000'001}})), "too_far_ahead")
        << "a digit too many, perhaps";
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(Importing, FieldsAndDataAreReadStrictly) {
    const Json data = octez_data(all_at(1000));
    for (const Json& more : {Json{{"from", nullptr}},
                             Json{{"from", "Octez"}},
                             Json{{"from", 5}},
                             Json{{"data", nullptr}},
                             Json{{"data", "{}"}},
                             Json{{"data", Json::array()}},
                             Json{{"data", {{"block_high_watermarks", Json::object()}}}},
                             Json{{"data", {{"secret_keys", "{}"}}}},
                             Json{{"data", Json::object()}},
                             Json{{"data", {{"block_high_watermarks", "{}"}}}},
                             Json{{"data", {{"block_high_watermarks", "{\"a"}}}},
                             Json{{"margin", -1}},
                             Json{{"margin", "2"}},
                             Json{{"margin", 2.0}},
                             Json{{"margin", nullptr}},
                             Json{{"margin", 2147483648}},
                             Json{{"level", nullptr}},
                             Json{{"level", "1000"}},
                             Json{{"dry_run", "true"}},
                             Json{{"force", 1}},
                             Json{{"chain", 7}},
                             Json{{"keys", Json::array()}},
                             Json{{"round", 0}},
                             Json{{"levle", 1}},
                             Json{{"from", "midl"}, {"data", "{}"}},
                             Json{{"from", "midl"}, {"chain", mainnet_text}},
                             Json{{"from", "midl"}, {"data", "{}"}, {"chain", mainnet_text}},
                             Json{{"from", "redoubt"}},
                             Json{{"from", "redoubt"}, {"data", "{}"}},
                             Json{{"from", "signatory"}},
                             Json{{"from", "signatory"}, {"data", 5}},
                             Json{{"from", "signatory"}, {"data", "{}"}}}) {
        EXPECT_EQ(code(import(data, more)), "bad_request") << more;
    }
    EXPECT_EQ(code(import(data, {{"keys", {baker.named().address}}})), "unknown_key");
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(Importing, EachFormatIsTaken) {
    const std::string key = first.named().address;
    const std::string row =
        "{\"publicKeyHash\":{\"S\":\"" + key +
        "\"},\"opType\":{\"S\":\"Block\"},\"blockLevel\":{\"N\":\"1003\"},\"blockRound\":{\"N\":"
        "\"1\"}}";
    const std::string midl = "{\"Items\":[" + row + "],\"Count\":1,\"ScannedCount\":1}";
    EXPECT_EQ(code(import(midl, {{"from", "midl"}, {"chain", mainnet_text}})), "ok");
    EXPECT_EQ(position(item(first, "block")).first, 1005);

    const std::string rows =
        "{\"Item\":{\"idx\":{\"S\":\"" + mainnet_text + "/" + key +
        "\"},\"request\":{\"S\":\"block\"},\"lvl\":{\"N\":\"1004\"},\"round\":{\"N\":\"0\"},"
        "\"digest\":{\"B\":\"" +
        std::string(43, 'A') + "=\"}}}";
    EXPECT_EQ(code(import(rows, {{"from", "signatory"}})), "ok");
    EXPECT_EQ(position(item(first, "block")).first, 1006);

    const std::string file =
        "{\"" + key + "\":{\"block\":{\"level\":1005,\"round\":0,\"hash\":null}}}";
    EXPECT_EQ(code(import({{mainnet_text + ".json", file}}, {{"from", "signatory"}})), "ok");
    EXPECT_EQ(position(item(first, "block")).first, 1007);
}

}  // namespace
}  // namespace redoubt::test
