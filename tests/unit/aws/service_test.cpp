// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/service.hpp>

#include <gtest/gtest.h>

#include <fakes/aws_world.hpp>

namespace redoubt::test {
namespace {

using namespace std::chrono_literals;

TEST(CorrectedClock, IsTheMachinesUntilItIsMoreThanFourMinutesOff) {
    struct Row {
        std::chrono::seconds ahead, corrected;
    };
    for (const Row& row : {Row{0s, 0s}, Row{30s, 0s}, Row{240s, 0s}, Row{-240s, 0s},
                           Row{241s, 241s}, Row{-241s, -241s}, Row{3600s, 3600s}}) {
        const FakeClock machine;
        aws::CorrectedClock clock(machine);
        clock.on_date(machine.wall() + row.ahead);
        EXPECT_EQ(clock.now(), machine.wall() + row.corrected) << row.ahead.count();
        EXPECT_EQ(clock.measured_offset(), row.ahead);
        EXPECT_EQ(clock.offset(), row.corrected);
    }
}

TEST(CorrectedClock, ToleratesNoMoreThanItIsTold) {
    struct Row {
        std::chrono::milliseconds ahead, corrected;
    };
    for (const Row& row :
         {Row{3000ms, 0ms}, Row{-3000ms, 0ms}, Row{3001ms, 3001ms}, Row{-3001ms, -3001ms}}) {
        const FakeClock machine;
        aws::CorrectedClock clock(machine, 3000ms);
        clock.on_date(machine.wall() + row.ahead);
        EXPECT_EQ(clock.now(), machine.wall() + row.corrected) << row.ahead.count();
    }
}

TEST(CorrectedClock, GoesBackWhenTheMachineIsRightAgain) {
    const FakeClock machine;
    aws::CorrectedClock clock(machine);
    clock.on_date(machine.wall() + 1h);
    clock.on_date(machine.wall() + 1s);
    EXPECT_EQ(clock.now(), machine.wall());
}

TEST(Service, SignsEachDayWithTheKeyOfThatDay) {
    AwsWorld world;
    for (const auto pause : {0h, 1h, 13h, 10h, 24h * 40}) {
        world.clock.advance(pause);
        aws::Service fresh(aws::kms::traits(), {"https://kms.eu-west-1.amazonaws.com"}, "eu-west-1",
                           world.credentials, world.corrected);
        EXPECT_EQ(header_of(world.kms.call("Sign", "{}"), "Authorization"),
                  header_of(fresh.call("Sign", "{}"), "Authorization"));
    }
}

TEST(Service, SignsWithTheKeyOfTheDayAlsoIfTheClockGoesBack) {
    AwsWorld world;
    const WallTime midnight = std::chrono::floor<std::chrono::days>(some_morning) + 24h;
    // As AWS says what time it is: over midnight, back, and over it again; a year back, and here.
    for (const WallTime now : {midnight - 1s, midnight, midnight - 1s, midnight + 1s,
                               midnight - 24h * 365, midnight + 2s}) {
        world.corrected.on_date(now);
        aws::Service fresh(aws::kms::traits(), {"https://kms.eu-west-1.amazonaws.com"}, "eu-west-1",
                           world.credentials, world.corrected);
        EXPECT_EQ(world.corrected.now(), now);
        EXPECT_EQ(header_of(world.kms.call("Sign", "{}"), "Authorization"),
                  header_of(fresh.call("Sign", "{}"), "Authorization"));
    }
}

TEST(Jitter, IsBetweenZeroAndOneAndVaries) {
    AwsWorld world;
    double least = 1.0, most = 0.0;
    for (int i = 0; i < 1000; ++i) {
        const double value = world.kms.jitter();
        least = std::min(least, value);
        most = std::max(most, value);
    }
    EXPECT_GE(least, 0.0);
    EXPECT_LE(most, 1.0);
    EXPECT_LT(least, 0.1);
    EXPECT_GT(most, 0.9);
}

}  // namespace
}  // namespace redoubt::test
