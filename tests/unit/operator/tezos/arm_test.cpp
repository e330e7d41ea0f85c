// SPDX-License-Identifier: Apache-2.0
#include "operator_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Operator, ArmCreatesThreeRowsAKey) {
    const Json answer = arm(1000);
    EXPECT_EQ(code(answer), "ok");
    EXPECT_EQ(outcomes(answer), all("armed"));
    EXPECT_EQ(table.items.size(), 6U);
    for (const SecretKey* key : {&first, &second}) {
        for (const std::string kind : {"block", "preattestation", "attestation"}) {
            const Json& row = item(*key, kind);
            EXPECT_EQ(row["lvl"], aws::dynamodb::number(1000));
            EXPECT_EQ(row["rnd"], aws::dynamodb::number(highest));
            EXPECT_EQ(row["pace"], aws::dynamodb::number(pace(1000)));
            EXPECT_FALSE(row.contains("digest"));
            EXPECT_FALSE(row.contains("sig"));
        }
    }
    Json shown = answer.at("rows").at(0);
    EXPECT_EQ(shown.at("before"), nullptr);
    Json after = shown.at("after");
    shown.erase("before");
    shown.erase("after");
    after["outcome"] = "armed";
    EXPECT_EQ(after, shown);
    EXPECT_EQ(shown, (Json{{"pkh", first.named().address},
                           {"chain", mainnet_text},
                           {"kind", "block"},
                           {"level", 1000},
                           {"round", highest},
                           {"digest", nullptr},
                           {"at", unix_ms(world.clock.wall())},
                           {"pace", pace(1000)},
                           {"until", nullptr},
                           {"written", "2026-11-21T10:00:00.000Z"},
                           {"level_closed", true},
                           {"signs_from", {{"level", 1001}, {"round", 0}}},
                           {"signs_up_to", 1300},
                           {"outcome", "armed"}}));
    EXPECT_EQ(answer.at("note"), "signs only above level 1000");
}

// 2026-11-21T10:00:00Z is so many seconds after the 30th of June, 2018.
constexpr std::int64_t highest_possible = 264'938'400;

TEST_F(Operator, ArmTakesNoLevelThatNoChainCanHave) {
    for (const Json& more : {Json::object(), Json{{"force", false}}, Json{{"force", true}}}) {
        for (const std::int64_t level : {highest_possible + 1, 1'100'000'000L, highest}) {
            Json command = {{"command", "arm"}, {"chain", mainnet_text}, {"level", level}};
            command.update(more);
            const Json answer = ask(command);
            EXPECT_EQ(code(answer), "too_far_ahead") << command;
            const std::string told = answer.at("error").at("msg");
            EXPECT_NE(told.find(std::to_string(highest_possible)), std::string::npos) << told;
            EXPECT_FALSE(answer.contains("rows"));
        }
    }
    EXPECT_TRUE(world.runner.calls.empty());
    world.clock.advance(1s);
    EXPECT_EQ(code(ask({{"command", "arm"},
                        {"chain", mainnet_text},
                        {"level", highest_possible + 1},
                        {"force", true}})),
              "ok");
}

TEST_F(Operator, ArmDoubtsALevelAboveThatOfAnyKnownChain) {
    const Json command = {{"command", "arm"}, {"chain", mainnet_text}, {"level", 50'000'001}};
    for (const Json& more : {Json::object(), Json{{"force", false}}}) {
        Json doubted = command;
        doubted.update(more);
        const Json answer = ask(doubted);
        EXPECT_EQ(code(answer), "too_far_ahead");
        const std::string told = answer.at("error").at("msg");
        EXPECT_NE(told.find("`force`: true"), std::string::npos) << told;
    }
    EXPECT_TRUE(world.runner.calls.empty());
    Json forced = command;
    forced["force"] = true;
    EXPECT_EQ(code(ask(forced)), "ok");
    EXPECT_EQ(item(first, "block")["lvl"], aws::dynamodb::number(50'000'001));
}

TEST_F(Operator, ArmTakesEveryLevelOfAKnownChainAtItsWord) {
    for (const std::int64_t level : {std::int64_t{0}, std::int64_t{50'000'000}}) {
        table.items.clear();
        EXPECT_EQ(code(arm(level)), "ok") << level;
    }
}

TEST_F(Operator, ArmAgainAtTheSameLevelChangesNothing) {
    EXPECT_EQ(code(arm(1000)), "ok");
    const auto before = table.items;
    world.clock.advance(1h);
    const Json again = arm(1000);
    EXPECT_EQ(code(again), "ok");
    EXPECT_EQ(outcomes(again), all("unchanged"));
    EXPECT_EQ(table.items, before);
}

TEST_F(Operator, ArmTouchesNothingThatExists) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(second, "attestation", 1001);
    table.items.erase({first.named().address, mainnet_text + "/block"});
    const auto before = table.items;
    const Json again = arm(1000);
    EXPECT_EQ(code(again), "already_signed");
    EXPECT_EQ(outcomes(again),
              (std::vector<std::string>{"armed", "unchanged", "unchanged", "unchanged", "unchanged",
                                        "already_signed"}));
    for (const auto& [key, row] : before) EXPECT_EQ(table.items.at(key), row);
    EXPECT_EQ(code(arm(999)), "already_signed");
    EXPECT_EQ(code(arm(1002)), "already_signed");
    for (const auto& [key, row] : before) EXPECT_EQ(table.items.at(key), row);
}

TEST_F(Operator, ARowAtTheArmedLevelThatHoldsADigestIsNotAsArmed) {
    EXPECT_EQ(code(arm(1000)), "ok");
    item(first, "block")["digest"] = aws::dynamodb::binary(ByteArray<32>{0xdd});
    EXPECT_EQ(code(arm(1000)), "already_signed");
}

TEST_F(Operator, ArmAndRaiseMayNameKeys) {
    const Json armed = ask({{"command", "arm"},
                            {"chain", mainnet_text},
                            {"level", 1000},
                            {"keys", {second.named().address}}});
    EXPECT_EQ(code(armed), "ok");
    EXPECT_EQ(armed.at("rows").size(), 3U);
    EXPECT_EQ(table.items.size(), 3U);
    world.clock.advance(10s);
    EXPECT_EQ(code(raise({{"level", 1010}, {"keys", {second.named().address}}})), "ok");
    EXPECT_EQ(code(raise({{"level", 1011}})), "not_armed") << "the other key has no rows";
    EXPECT_EQ(item(second, "block")["lvl"], aws::dynamodb::number(1011));
}

TEST_F(Operator, ADamagedRowIsNotTouched) {
    EXPECT_EQ(code(arm(1000)), "ok");
    Json damaged = item(first, "block");
    damaged.erase("at");
    item(first, "block") = damaged;
    EXPECT_EQ(code(arm(1000)), "damaged_row");
    EXPECT_EQ(item(first, "block"), damaged);
}

TEST_F(Operator, TroubleIsSaidRowByRow) {
    world.runner.follow([this](const http::ClientRequest& call) {
        return is_write(call) ? aws_error(400, "AccessDeniedException", world.clock.wall())
                              : table.answer(call);
    });
    const Json answer = arm(1000);
    EXPECT_EQ(code(answer), "table_refused");
    EXPECT_EQ(outcomes(answer), all("table_refused"));
}

TEST_F(Operator, NothingIsWrittenIfNothingCanBeRead) {
    for (const Json& said :
         {Json::object(), Json{{"Items", nullptr}}, Json{{"Items", Json::object()}}, Json()}) {
        world.runner.calls.clear();
        world.runner.follow([&](const http::ClientRequest& call) {
            EXPECT_FALSE(is_write(call));
            return said.is_null() ? aws_error(400, "AccessDeniedException", world.clock.wall())
                                  : aws_answer(200, said, world.clock.wall());
        });
        for (const Json& answer : {arm(1000), raise({{"level", 1000}}), handover({{"until", 1000}}),
                                   ask({{"command", "status"}})}) {
            EXPECT_EQ(code(answer), "table_refused") << said;
            EXPECT_FALSE(answer.contains("rows"));
        }
    }
}

TEST_F(Operator, ALostAnswerOfArmIsResolvedByTheRow) {
    int lost_ones = 0;
    world.runner.follow([&](const http::ClientRequest& call) {
        const auto answer = table.answer(call);
        return is_write(call) && lost_ones++ == 0 ? lost(http::TransportFailure::Connection)
                                                  : answer;
    });
    EXPECT_EQ(code(arm(1000)), "ok");
    EXPECT_EQ(table.items.size(), 6U);
    EXPECT_EQ(lost_ones, 7);
}

TEST_F(Operator, AConfirmationWithoutARowIsNoConfirmation) {
    const tezos::Row row{
        {tezos::Level(1000), tezos_adapters::highest_round}, {}, {}, 0, tezos::Pace(0)};
    const tezos::WatermarkId elsewhere{first.named().hash, tezos::ChainId({1, 2, 3, 4}),
                                       tezos::ConsensusKind::Block};
    Json unreadable =
        to_item({first.named().hash, tezos::ChainId(mainnet_id), tezos::ConsensusKind::Block}, row);
    unreadable.erase("at");
    for (const Json& said :
         {Json::object(), Json{{"Attributes", nullptr}}, Json{{"Item", to_item(elsewhere, row)}},
          Json{{"Attributes", to_item(elsewhere, row)}}, Json{{"Attributes", unreadable}}}) {
        world.runner.follow([&](const http::ClientRequest& call) {
            return is_write(call) ? aws_answer(200, said, world.clock.wall())
                                  : aws_answer(200, {{"Items", Json::array()}}, world.clock.wall());
        });
        EXPECT_EQ(code(arm(1000)), "table_refused") << said;
        EXPECT_EQ(code(raise({{"level", 1000}})), "table_refused") << said;
    }
}

}  // namespace
}  // namespace redoubt::test
