// SPDX-License-Identifier: Apache-2.0
#include "store_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Store, CommitsAHigherSlotInOneCall) {
    for (const ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        arm(kind);
        world.runner.calls.clear();
        EXPECT_EQ(commit(position(100, 0, kind)), "released");
        EXPECT_EQ(calls(), 1U);
        EXPECT_EQ(stats.calls, 1);
        EXPECT_EQ(row(kind).at, position(100, 0).at);
        EXPECT_EQ(row(kind).digest, mine);
        EXPECT_EQ(row(kind).signature.has_value(), kind == ConsensusKind::Block);
        EXPECT_EQ(call(0)["TableName"], "redoubt-watermarks");
    }
}

TEST_F(Store, EveryCallIsOneConditionalUpdateThatShowsTheRow) {
    arm(ConsensusKind::Attestation);
    EXPECT_EQ(commit(position(100, 0)), "released");
    EXPECT_EQ(header_of(world.runner.calls[0].call, "X-Amz-Target"),
              "DynamoDB_20120810.UpdateItem");
    EXPECT_EQ(call(0)["ReturnValuesOnConditionCheckFailure"], "ALL_OLD");
    EXPECT_EQ(call(0)["ReturnValues"], "ALL_NEW");
    EXPECT_FALSE(call(0)["ConditionExpression"].get<std::string>().empty());
}

TEST_F(Store, RefusalsAreJudgedByTheRow) {
    EXPECT_EQ(commit(position(100, 0)), "not_armed");
    put(ConsensusKind::Attestation, {{Level(100), Round(2)}, another, {}, 0, pace_at(100)});
    EXPECT_EQ(commit(position(100, 2)), "already_signed");
    EXPECT_EQ(commit(position(101, 0)), "released") << "one level and no time: within the slack";
    EXPECT_EQ(commit(position(5'000, 0)), "too_far_ahead");
}

TEST_F(Store, NothingAboveTheRowsLastLevelIsCommitted) {
    for (const ConsensusKind kind :
         {ConsensusKind::Block, ConsensusKind::Preattestation, ConsensusKind::Attestation}) {
        Row limited{{Level(99), Round(2)}, another, {}, 0, pace_at(100)};
        limited.until = Level(100);
        put(kind, limited);
        const auto before = table.items;
        world.runner.calls.clear();
        EXPECT_EQ(commit(position(101, 0, kind)), "handed_over");
        EXPECT_EQ(commit(position(5'000, 0, kind)), "handed_over") << "whatever the pace";
        EXPECT_EQ(calls(), 2U) << "no loose form";
        EXPECT_EQ(table.items, before);
        EXPECT_EQ(commit(position(100, 0, kind)), "released");
        EXPECT_EQ(commit(position(100, 7, kind)), "released") << "each round of the last level";
        EXPECT_EQ(row(kind).until, Level(100));
        EXPECT_EQ(commit(position(101, 0, kind)), "handed_over");
        EXPECT_EQ(commit(position(100, 6, kind)), "below_watermark");
        EXPECT_EQ(commit(position(100, 7, kind), another), "already_signed");
    }
}

TEST_F(Store, WhatIsBelowIsRefusedByTheTable) {
    put(ConsensusKind::Attestation, {{Level(100), Round(2)}, another, {}, 0, pace_at(100)});
    EXPECT_EQ(store.refuses(position(100, 1)), std::nullopt) << "a cold environment knows nothing";
    EXPECT_EQ(commit(position(100, 1)), "below_watermark");
    EXPECT_EQ(calls(), 1U);
}

TEST_F(Store, TheSameVoteAgainIsCommitted) {
    arm(ConsensusKind::Attestation);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(commit(position(100, 0)), "released");
}

TEST_F(Store, TheSameVoteAgainIsCommittedWhateverThePace) {
    put(ConsensusKind::Attestation,
        {{Level(100), Round(0)}, mine, {}, 0, Pace(pace_at(100).value() - 1)});
    EXPECT_EQ(commit(position(100, 0)), "released");
    put(ConsensusKind::Attestation,
        {{Level(100), Round(0)}, mine, {}, 0, Pace(pace_at(100).value() - 10'000'000)});
    EXPECT_EQ(commit(position(100, 0)), "released");
    EXPECT_EQ(calls(), 2U) << "no second write";
}

TEST_F(Store, TheSameBlockAgainGetsItsStoredSignature) {
    arm(ConsensusKind::Block);
    EXPECT_EQ(commit(position(100, 0, ConsensusKind::Block)), "released");
    const std::string stored = row(ConsensusKind::Block).signature.value();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(commit(position(100, 0, ConsensusKind::Block)), stored);
    EXPECT_EQ(row(ConsensusKind::Block).signature, stored);
    EXPECT_EQ(commit(position(100, 0, ConsensusKind::Block), another), "already_signed");
}

TEST_F(Store, LostAnswersAreResolvedByTheDigest) {
    for (const ConsensusKind kind : {ConsensusKind::Attestation, ConsensusKind::Block}) {
        arm(kind);
        lose_the_answer();
        EXPECT_EQ(commit(position(100, 0, kind)), "released");
        EXPECT_EQ(stats.calls, 2);
        EXPECT_EQ(row(kind).digest, mine);
    }
}

TEST_F(Store, AnUnknownOutcomeReleasesNothing) {
    arm(ConsensusKind::Attestation);
    for (int i = 0; i < 3; ++i) lose_the_answer();
    EXPECT_EQ(commit(position(100, 0)), "table_unavailable");
    EXPECT_EQ(commit(position(100, 0)), "released") << "the same request is safe to repeat";
    EXPECT_EQ(commit(position(100, 0), another), "already_signed");
}

TEST_F(Store, TroubleHasItsOwnCodes) {
    struct Case {
        http::Response answer;
        std::string code;
    };
    const WallTime now = world.clock.wall();
    for (const Case& c :
         {Case{aws_error(400, "AccessDeniedException", now), "table_refused"},
          Case{aws_error(400, "ResourceNotFoundException", now), "table_refused"},
          Case{aws_error(403, "UnrecognizedClientException", now), "credentials_expired"},
          Case{aws_error(403, "ExpiredTokenException", now), "credentials_expired"}}) {
        arm(ConsensusKind::Attestation);
        answer_twice_instead(c.answer);
        EXPECT_EQ(commit(position(100, 0)), c.code);
    }
    EXPECT_EQ(commit(position(100, 0), mine, world.clock.steady()), "deadline");
}

TEST_F(Store, LearnsALowerBoundFromCommitsAndFromRefusals) {
    arm(ConsensusKind::Attestation);
    EXPECT_EQ(commit(position(100, 3)), "released");
    EXPECT_EQ(store.refuses(position(100, 2)).value().code, Code::BelowWatermark);
    EXPECT_EQ(store.refuses(position(100, 3)), std::nullopt) << "what is equal goes to the table";
    EXPECT_EQ(store.refuses(position(100, 2, ConsensusKind::Block)), std::nullopt);
    // Another environment went on meanwhile.
    put(ConsensusKind::Attestation, {{Level(110), Round(0)}, another, {}, 0, pace_at(110)});
    EXPECT_EQ(commit(position(110, 0)), "already_signed");
    EXPECT_TRUE(store.refuses(position(109, 9)).has_value());
}

TEST_F(Store, LearnsNothingFromARequestAlone) {
    arm(ConsensusKind::Attestation);
    EXPECT_EQ(commit(position(0x7fffffff, 0)), "too_far_ahead");
    for (int i = 0; i < 3; ++i) answer_instead(lost(TransportFailure::Timeout));
    EXPECT_EQ(commit(position(200, 0)), "table_unavailable");
    EXPECT_EQ(store.refuses(position(100, 0)), std::nullopt);
    EXPECT_EQ(commit(position(100, 0)), "released");
}

}  // namespace
}  // namespace redoubt::test
