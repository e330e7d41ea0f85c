// SPDX-License-Identifier: Apache-2.0
#include "store_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Store, TheTightFormComesFirstAndSetsThePaceInRoundZero) {
    arm(ConsensusKind::Attestation, 10min);
    const Pace before = row().pace;
    EXPECT_EQ(commit(position(100, 1)), "released");
    EXPECT_EQ(row().pace, before) << "other rounds leave it";
    EXPECT_EQ(commit(position(101, 0)), "released");
    EXPECT_EQ(row().pace, pace_at(101));
    EXPECT_EQ(calls(), 2U);
}

TEST_F(Store, ARefusalForPaceAloneIsFollowedByTheLooseForm) {
    arm(ConsensusKind::Attestation, -4min);
    const Pace before = row().pace;
    EXPECT_EQ(commit(position(100, 0)), "released");
    ASSERT_EQ(calls(), 2U);
    EXPECT_EQ(stats.calls, 2);
    EXPECT_EQ(demanded_pace(0), pace_at(100).value());
    EXPECT_TRUE(sets_pace(0));
    EXPECT_EQ(demanded_pace(1), pace_at(100).value() - 300'000);
    EXPECT_FALSE(sets_pace(1));
    EXPECT_EQ(row().pace, before) << "the excess does not accumulate";
}

TEST_F(Store, BeyondTheSlackThereIsNoSecondCall) {
    arm(ConsensusKind::Attestation, -(5min + 1ms));
    EXPECT_EQ(commit(position(100, 0)), "too_far_ahead");
    EXPECT_EQ(calls(), 1U);
    arm(ConsensusKind::Attestation, -5min);
    EXPECT_EQ(commit(position(100, 0)), "released");
}

TEST_F(Store, TheLooseFormGoesByTheDateOfTheRefusal) {
    // The table's time is a minute ahead of the machine's, whose own time would not do.
    arm(ConsensusKind::Attestation, -(5min + 30s));
    const WallTime date = world.clock.wall() + 1min;
    http::Response late = refusal(to_item(id(ConsensusKind::Attestation), row()));
    late.headers[0].second = http_date(date);
    answer_instead(late);
    EXPECT_EQ(commit(position(100, 0)), "released");
    ASSERT_EQ(calls(), 2U);
    EXPECT_EQ(demanded_pace(1), 100'000 - unix_ms(date) - 300'000);
}

TEST_F(Store, OnlyAHigherSlotIsTriedLoosely) {
    put(ConsensusKind::Attestation,
        {{Level(100), Round(1)}, another, {}, 0, Pace(pace_at(100).value() - 9)});
    EXPECT_EQ(commit(position(100, 1)), "already_signed");
    EXPECT_EQ(calls(), 1U);
}

TEST_F(Store, AWarmEnvironmentBeginsWithTheFormThatCanHold) {
    arm(ConsensusKind::Attestation, -4min);
    EXPECT_EQ(commit(position(100, 0)), "released");
    world.runner.calls.clear();
    world.clock.advance(1s);
    EXPECT_EQ(commit(position(101, 0)), "released");
    ASSERT_EQ(calls(), 1U);
    EXPECT_FALSE(sets_pace(0));
    // Four minutes later the tight form holds again.
    world.clock.advance(5min);
    EXPECT_EQ(commit(position(102, 0)), "released");
    ASSERT_EQ(calls(), 2U);
    EXPECT_TRUE(sets_pace(1));
}

TEST_F(Store, ALooseFormThatFailedByTheLocalClockIsTriedOnceByTheTablesDate) {
    arm(ConsensusKind::Attestation, -4min);
    EXPECT_EQ(commit(position(100, 0)), "released");
    world.runner.calls.clear();
    // Two minutes' worth of levels at once: beyond the slack by the machine's clock only.
    const WallTime date = world.clock.wall() + 2min;
    http::Response refused = refusal(to_item(id(ConsensusKind::Attestation), row()));
    refused.headers[0].second = http_date(date);
    answer_instead(refused);
    answer_instead(refused);
    EXPECT_EQ(commit(position(220, 0)), "table_refused")
        << "the second refusal contradicts the row, and there is no third call";
    EXPECT_EQ(calls(), 2U);
}

TEST_F(Store, ACommitTellsHowFarItIsAheadOfTheClock) {
    arm(ConsensusKind::Attestation, 10min);
    EXPECT_EQ(commit(position(100, 1)), "released");
    EXPECT_EQ(ahead, 0ms) << "within the pace, which stays";
    EXPECT_EQ(commit(position(100, 2)), "released");
    EXPECT_EQ(commit(position(101, 0)), "released");
    EXPECT_EQ(ahead, 0ms) << "within the pace, which falls to it";
    world.clock.advance(900ms);
    EXPECT_EQ(commit(position(102, 0)), "released");
    EXPECT_EQ(ahead, 100ms) << "loose";
    EXPECT_EQ(commit(position(102, 1)), "released");
    EXPECT_EQ(ahead, 100ms) << "a round is no second";
    EXPECT_EQ(commit(position(102, 1)), "released");
    EXPECT_EQ(ahead, std::nullopt) << "committed before";
    EXPECT_EQ(commit(position(500, 0)), "too_far_ahead");
    EXPECT_EQ(ahead, std::nullopt);
    world.clock.advance(10s);
    EXPECT_EQ(commit(position(103, 0)), "released");
    EXPECT_EQ(ahead, 0ms);
}

TEST_F(Store, ALooseFormThatWasNotNeededIsNotAhead) {
    arm(ConsensusKind::Attestation, -4min);
    EXPECT_EQ(commit(position(100, 0)), "released");
    EXPECT_EQ(ahead, 4min);
    // An operator raises meanwhile, of which this warm environment knows nothing.
    put(ConsensusKind::Attestation,
        {{Level(100), tezos_adapters::highest_round}, {}, {}, 0, Pace(pace_at(101).value() + 1)});
    EXPECT_EQ(commit(position(101, 0)), "released");
    EXPECT_FALSE(sets_pace(calls() - 1));
    EXPECT_EQ(ahead, 0ms);
}

TEST_F(Store, TheEffortIsThatOfBothForms) {
    arm(ConsensusKind::Attestation, -4min);
    answer_instead(aws_error(400, "ThrottlingException", world.clock.wall()));
    EXPECT_EQ(commit(position(100, 0)), "released");
    EXPECT_EQ(stats.calls, 3);
    EXPECT_EQ(stats.throttles, 1);
    EXPECT_EQ(stats.failures, std::vector<std::string>{"ThrottlingException"});
}

TEST_F(Store, TheExcessNeverAccumulates) {
    arm(ConsensusKind::Attestation);
    // A thief with an authorized key, as fast as can be: no further than the slack.
    std::uint32_t level = 100;
    while (commit(position(level, 0)) == "released") ++level;
    EXPECT_EQ(level, 100U + 301U);
    EXPECT_EQ(row().at.level, Level(400));
    for (int minute = 0; minute < 3; ++minute) {
        world.clock.advance(1min);
        const std::uint32_t before = level;
        while (commit(position(level, 0)) == "released") ++level;
        EXPECT_EQ(level, before + 60) << "one level a second, not more";
    }
}

TEST_F(Store, AnIdleChainOfSixSecondsIsNeverFencedOut) {
    arm(ConsensusKind::Attestation);
    for (std::uint32_t level = 100; level < 400; ++level) {
        world.clock.advance(6s);
        EXPECT_EQ(commit(position(level, 0)), "released");
    }
    EXPECT_EQ(calls(), 300U) << "one call each";
}

}  // namespace
}  // namespace redoubt::test
