// SPDX-License-Identifier: Apache-2.0
#include "operator_fixture.hpp"

namespace redoubt::test {
namespace {

std::string told(const Json& answer) { return answer.at("error").at("msg"); }
bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST_F(Operator, HandoverTakesUntilOrFromAndReadsThemStrictly) {
    for (const Json& wrong :
         {Json::object(), Json{{"until", 1000}, {"from", 1001}}, Json{{"until", nullptr}},
          Json{{"until", "1000"}}, Json{{"until", -1}}, Json{{"until", 1000.0}},
          Json{{"until", 2147483648}}, Json{{"from", 0}}, Json{{"from", "1001"}},
          Json{{"from", true}}, Json{{"level", 1000}}, Json{{"until", 1000}, {"level", 1000}},
          Json{{"until", 1000}, {"force", true}}, Json{{"from", 1000}, {"round", 0}},
          Json{{"until", 1000}, {"dry_run", "yes"}}, Json{{"until", 1000}, {"dry_run", nullptr}},
          Json{{"until", 1000}, {"keys", Json::array()}},
          Json{{"until", 1000}, {"chain", "main"}}}) {
        EXPECT_EQ(code(handover(wrong)), "bad_request") << wrong;
    }
    for (const char* field : {"until", "from"}) {
        EXPECT_EQ(code(handover({{field, 264'938'401}})), "too_far_ahead");
        EXPECT_EQ(code(handover({{field, 1000}, {"keys", {baker.named().address}}})),
                  "unknown_key");
    }
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(Operator, DryRunIsAFlagOfAllThatWrite) {
    for (const std::string command : {"arm", "raise"}) {
        const Json asked = {{"command", command}, {"chain", mainnet_text}, {"level", 1000}};
        for (const Json& wrong : {Json(1), Json("true"), Json()}) {
            Json bad = asked;
            bad["dry_run"] = wrong;
            EXPECT_EQ(code(ask(bad)), "bad_request") << bad;
        }
    }
    EXPECT_TRUE(world.runner.calls.empty());
    world.runner.follow([this](const http::ClientRequest& call) {
        EXPECT_FALSE(is_write(call));
        return table.answer(call);
    });
    const Json answer =
        ask({{"command", "arm"}, {"chain", mainnet_text}, {"level", 1000}, {"dry_run", true}});
    EXPECT_EQ(code(answer), "ok");
    EXPECT_EQ(outcomes(answer), all("armed"));
    EXPECT_EQ(answer.at("dry_run"), true);
    EXPECT_EQ(answer.at("rows").at(0).at("before"), nullptr);
    EXPECT_EQ(answer.at("rows").at(0).at("after").at("level"), 1000);
    EXPECT_TRUE(table.items.empty());
    const Json in_vain =
        ask({{"command", "raise"}, {"chain", mainnet_text}, {"level", 1000}, {"dry_run", true}});
    EXPECT_EQ(code(in_vain), "not_armed") << "as it would be";
}

TEST_F(Operator, MovingOutShowsWhatIsSignedStill) {
    EXPECT_EQ(code(arm(1000)), "ok");
    const Json answer = handover({{"until", 1002}});
    EXPECT_EQ(code(answer), "ok");
    EXPECT_EQ(outcomes(answer), all("limited"));
    EXPECT_TRUE(has(answer.at("note"),
                    "signs up to level 1002: the next signer may sign from "
                    "level 1003 on"))
        << answer.at("note");
    const Json& row = answer.at("rows").at(0);
    EXPECT_EQ(row.at("until"), 1002);
    EXPECT_EQ(row.at("before").at("until"), nullptr);
    EXPECT_EQ(row.at("after").at("until"), 1002);
    EXPECT_EQ(row.at("signs_from"), (Json{{"level", 1001}, {"round", 0}}));
    EXPECT_EQ(row.at("signs_up_to"), 1002) << "the fence alone would say 1300";
    sign(first, "block", 1002);
    item(first, "attestation")["lvl"] = aws::dynamodb::number(1002);
    const Json status = ask({{"command", "status"}});
    for (const Json& shown : status.at("rows")) {
        if (shown.at("pkh") != first.named().address) continue;
        if (shown.at("kind") == "block") {
            EXPECT_EQ(shown.at("signs_from"), (Json{{"level", 1002}, {"round", 1}}));
        }
        if (shown.at("kind") == "attestation") {
            EXPECT_EQ(shown.at("signs_from"), nullptr) << "its last level is closed";
        }
    }
}

TEST_F(Operator, ALastLevelIsOnlyEverLowered) {
    EXPECT_EQ(code(arm(1000)), "ok");
    EXPECT_EQ(code(handover({{"until", 1010}})), "ok");
    EXPECT_EQ(outcomes(handover({{"until", 1010}})), all("unchanged"));
    const Json raised = handover({{"until", 1011}});
    EXPECT_EQ(code(raised), "handed_over");
    EXPECT_TRUE(has(told(raised), "signs up to level 1010 already")) << told(raised);
    EXPECT_EQ(outcomes(handover({{"until", 1005}})), all("limited"));
    sign(first, "block", 1003);
    const auto before = table.items;
    const Json passed = handover({{"until", 1002}});
    EXPECT_EQ(code(passed), "below_watermark");
    EXPECT_EQ(outcomes(passed), (std::vector<std::string>{"below_watermark", "limited", "limited",
                                                          "limited", "limited", "limited"}))
        << "each row by itself";
    EXPECT_TRUE(has(told(passed), "give level 1003 or a higher one")) << told(passed);
    EXPECT_EQ(item(first, "block"), (before.at({first.named().address, mainnet_text + "/block"})));
}

TEST_F(Operator, RaiseAndArmKeepALastLevel) {
    EXPECT_EQ(code(arm(1000)), "ok");
    EXPECT_EQ(code(handover({{"until", 1010}})), "ok");
    const Json armed = arm(1000);
    EXPECT_EQ(code(armed), "already_signed") << "not as `arm` makes it";
    EXPECT_TRUE(has(told(armed), "but not as `arm` makes it")) << told(armed);
    const Json raised = raise({{"level", 1009}});
    EXPECT_EQ(outcomes(raised), all("raised"));
    EXPECT_EQ(raised.at("rows").at(0).at("until"), 1010);
    EXPECT_EQ(raised.at("rows").at(0).at("signs_from"), (Json{{"level", 1010}, {"round", 0}}));
    const Json beyond = raise({{"level", 1010}});
    EXPECT_EQ(outcomes(beyond), all("raised"));
    EXPECT_EQ(beyond.at("rows").at(0).at("signs_from"), nullptr);
    EXPECT_TRUE(has(beyond.at("note"), "signs nothing any more")) << beyond.at("note");
    EXPECT_EQ(item(first, "block")["until"], aws::dynamodb::number(1010));
}

TEST_F(Operator, MovingInComesAfterTheRowsOwnLastLevel) {
    EXPECT_EQ(code(arm(1000)), "ok");
    EXPECT_EQ(code(handover({{"until", 1010}})), "ok");
    const auto before = table.items;
    const Json early = handover({{"from", 1010}});
    EXPECT_EQ(code(early), "handed_over");
    EXPECT_TRUE(has(told(early), "signs up to level 1010")) << told(early);
    EXPECT_TRUE(has(told(early), "1011 at least")) << told(early);
    EXPECT_EQ(table.items, before);
    const Json moved = handover({{"from", 1020}});
    EXPECT_EQ(code(moved), "ok");
    EXPECT_EQ(outcomes(moved), all("moved_in"));
    EXPECT_TRUE(has(moved.at("note"), "signs from level 1020 on: ")) << moved.at("note");
    const Json& row = moved.at("rows").at(0);
    EXPECT_EQ(row.at("before").at("until"), 1010);
    EXPECT_EQ(row.at("until"), nullptr);
    EXPECT_EQ(row.at("level"), 1019);
    EXPECT_EQ(row.at("signs_from"), (Json{{"level", 1020}, {"round", 0}}));
    world.clock.advance(20s);
    sign(first, "block", 1021);
    const Json again = handover({{"from", 1020}});
    EXPECT_EQ(outcomes(again), all("unchanged")) << "once more";
    EXPECT_TRUE(has(again.at("note"), "`unchanged` what `signs_from` says")) << again.at("note");
    EXPECT_EQ(outcomes(handover({{"until", 1030}})), all("limited")) << "and out again";
}

TEST_F(Operator, MovingInWithoutRowsSaysWhatToArm) {
    const Json answer = handover({{"from", 1001}});
    EXPECT_EQ(code(answer), "not_armed");
    EXPECT_EQ(outcomes(answer), all("not_armed"));
    EXPECT_TRUE(has(told(answer), "`arm` it at level 1000, which signs from level 1001 on"))
        << told(answer);
    EXPECT_EQ(code(handover({{"until", 1001}})), "not_armed");
    EXPECT_TRUE(table.items.empty());
}

TEST_F(Operator, MovingInIsBoundByTheFence) {
    EXPECT_EQ(code(arm(1000)), "ok");
    const Json far = handover({{"from", 1302}});
    EXPECT_EQ(code(far), "too_far_ahead");
    EXPECT_TRUE(has(told(far), "`raise` with `force` to the head's level first")) << told(far);
    EXPECT_EQ(code(handover({{"from", 1301}})), "ok");
}

TEST_F(Operator, ALostAnswerOfAHandoverIsResolvedByTheRow) {
    EXPECT_EQ(code(arm(1000)), "ok");
    for (const Json& asked : {Json{{"until", 1010}}, Json{{"from", 1011}}}) {
        int lost_ones = 0;
        world.runner.follow([&](const http::ClientRequest& call) {
            const auto answer = table.answer(call);
            return is_write(call) && lost_ones++ == 0 ? lost(http::TransportFailure::Connection)
                                                      : answer;
        });
        EXPECT_EQ(code(handover(asked)), "ok") << asked;
    }
}

/// The first try of each write is on its way still when the second one is answered, or when the
/// command ends without an answer.
TEST_F(Operator, WhatComesLateTakesNoLastLevelAway) {
    for (const int lost_tries : {1, 3}) {
        table.items.clear();
        EXPECT_EQ(code(arm(1000)), "ok");
        EXPECT_EQ(code(handover({{"until", 1010}})), "ok");
        world.clock.advance(1s);
        std::map<std::string, int> tries;
        std::vector<http::ClientRequest> late;
        world.runner.follow([&](const http::ClientRequest& call) {
            if (!is_write(call) || tries[dump(body_of(call).at("Key"))]++ >= lost_tries) {
                return table.answer(call);
            }
            late.push_back(call);
            return lost(http::TransportFailure::Connection);
        });
        const Json moved = handover({{"from", 1011}});
        EXPECT_EQ(code(moved), lost_tries == 1 ? "ok" : "table_unavailable");
        world.runner.follow([this](const http::ClientRequest& call) { return table.answer(call); });
        world.clock.advance(1s);
        EXPECT_EQ(code(handover({{"until", lost_tries == 1 ? 1010 : 1009}})), "ok");
        for (const http::ClientRequest& call : late) static_cast<void>(table.answer(call));
        EXPECT_GE(late.size(), 6U);
        for (const auto& [id, row] : table.items) EXPECT_TRUE(row.contains("until")) << row;
    }
}

TEST_F(Operator, ARowThatIsWrittenMeanwhileIsNotMovedIn) {
    EXPECT_EQ(code(arm(1000)), "ok");
    EXPECT_EQ(code(handover({{"until", 1010}})), "ok");
    world.runner.follow([this](const http::ClientRequest& call) {
        if (is_write(call)) item(first, "block")["at"] = aws::dynamodb::number(5);
        return table.answer(call);
    });
    const Json moved = handover({{"from", 1011}});
    EXPECT_EQ(code(moved), "table_unavailable");
    EXPECT_EQ(outcomes(moved),
              (std::vector<std::string>{"table_unavailable", "moved_in", "moved_in", "moved_in",
                                        "moved_in", "moved_in"}));
    EXPECT_TRUE(has(told(moved), "written while the command was under way")) << told(moved);
}

TEST_F(Operator, AWriteThatItsOwnRowAllowsIsNotRefused) {
    EXPECT_EQ(code(arm(1000)), "ok");
    world.runner.follow([this](const http::ClientRequest& call) {
        if (!is_write(call)) return table.answer(call);
        const Json named = body_of(call).at("Key");
        const Json row = table.items.at({named.at("pkh").at("S"), named.at("scope").at("S")});
        return http::ResponseOrError(aws_error(400, "x#ConditionalCheckFailedException",
                                               world.clock.wall(), {{"Item", row}}));
    });
    for (const Json& answer :
         {handover({{"until", 1010}}), handover({{"from", 1011}}), raise({{"level", 1010}})}) {
        EXPECT_EQ(code(answer), "table_refused");
        EXPECT_TRUE(has(told(answer), "refused a write that its own row allows")) << told(answer);
    }
}

}  // namespace
}  // namespace redoubt::test
