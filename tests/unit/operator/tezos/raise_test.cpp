// SPDX-License-Identifier: Apache-2.0
#include "operator_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Operator, RaiseLiftsAndForgetsWhatWasSigned) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(first, "block", 1001);
    world.clock.advance(100s);
    const Json raised = raise({{"level", 1100}});
    EXPECT_EQ(code(raised), "ok");
    EXPECT_EQ(outcomes(raised), all("raised"));
    const Json& row = item(first, "block");
    EXPECT_EQ(row["lvl"], aws::dynamodb::number(1100));
    EXPECT_EQ(row["rnd"], aws::dynamodb::number(highest));
    EXPECT_EQ(row["pace"], aws::dynamodb::number(pace(1100)));
    EXPECT_FALSE(row.contains("digest"));
    EXPECT_FALSE(row.contains("sig"));
}

TEST_F(Operator, RaiseMayNameARound) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(first, "block", 1001);
    EXPECT_EQ(code(raise({{"level", 1001}, {"round", 5}})), "ok");
    EXPECT_EQ(item(first, "block")["rnd"], aws::dynamodb::number(5));
}

TEST_F(Operator, NothingIsEverLowered) {
    EXPECT_EQ(code(arm(1000)), "ok");
    sign(first, "block", 1001);
    const auto before = table.items;
    for (const Json& lower : {Json{{"level", 999}}, Json{{"level", 1000}}, Json{{"level", 0}},
                              Json{{"level", 1000}, {"force", true}}}) {
        const Json answer = raise(lower);
        EXPECT_EQ(code(answer), "ok");
        EXPECT_EQ(outcomes(answer), all("unchanged"));
        EXPECT_EQ(table.items, before) << "a row that is not moved keeps everything";
    }
    EXPECT_EQ(outcomes(raise({{"level", 1001}, {"round", 0}}))[0], "unchanged")
        << "equal is not higher";
    EXPECT_EQ(item(first, "block"), (before.at({first.named().address, mainnet_text + "/block"})));
}

TEST_F(Operator, RaiseIsBoundByTheFenceUnlessForced) {
    EXPECT_EQ(code(arm(1000)), "ok");
    const auto before = table.items;
    const Json far = raise({{"level", 1301}});
    EXPECT_EQ(code(far), "too_far_ahead");
    EXPECT_EQ(outcomes(far), all("too_far_ahead"));
    EXPECT_EQ(table.items, before);
    EXPECT_EQ(code(raise({{"level", 1300}})), "ok") << "the slack of five minutes";
    EXPECT_EQ(code(raise({{"level", 2'000'000}, {"force", false}})), "too_far_ahead");
    EXPECT_EQ(code(raise({{"level", 2'000'000}, {"force", true}})), "ok");
    EXPECT_EQ(item(first, "block")["pace"], aws::dynamodb::number(pace(2'000'000)));
}

TEST_F(Operator, RaiseLiftsNothingToALevelThatNoChainCanHave) {
    EXPECT_EQ(code(arm(1000)), "ok");
    const auto before = table.items;
    for (const std::int64_t level : {std::int64_t{264'938'401}, highest}) {
        EXPECT_EQ(code(raise({{"level", level}})), "too_far_ahead");
        EXPECT_EQ(code(raise({{"level", level}, {"force", true}})), "too_far_ahead");
    }
    EXPECT_EQ(table.items, before);
    EXPECT_EQ(code(raise({{"level", 264'938'400}, {"force", true}})), "ok");
}

TEST_F(Operator, RaiseSaysWhatItCloses) {
    EXPECT_EQ(code(arm(1000)), "ok");
    EXPECT_EQ(raise({{"level", 1100}}).at("note"),
              "without `round`, this closes the whole level: signs only above level 1100");
    const Json open = raise({{"level", 1101}, {"round", 2}});
    EXPECT_EQ(open.at("note"),
              "signs only above level 1101, round 2; later rounds of this level stay open");
    EXPECT_EQ(open.at("rows").at(0).at("signs_from"), (Json{{"level", 1101}, {"round", 3}}));
    EXPECT_EQ(open.at("rows").at(0).at("level_closed"), false);
    EXPECT_EQ(raise({{"level", 1101}, {"round", highest}}).at("note"),
              "this closes the whole level: signs only above level 1101");
    EXPECT_FALSE(raise({{"level", 9999}}).contains("note")) << "nothing was lifted";
    const Json lower = raise({{"level", 1050}, {"round", 3}});
    EXPECT_EQ(outcomes(lower), all("unchanged"));
    EXPECT_TRUE(lower.at("note").get<std::string>().starts_with("a row that is `unchanged`"));
}

TEST_F(Operator, RaiseCreatesNothing) {
    const Json answer = raise({{"level", 1000}, {"force", true}});
    EXPECT_EQ(code(answer), "not_armed");
    EXPECT_EQ(outcomes(answer), all("not_armed"));
    EXPECT_TRUE(table.items.empty());
}

}  // namespace
}  // namespace redoubt::test
