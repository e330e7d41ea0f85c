// SPDX-License-Identifier: Apache-2.0
#include <redoubt/lambda/deadlines.hpp>

#include <gtest/gtest.h>

#include <map>

#include <redoubt/lambda/runtime.hpp>

#include <fakes/fake_clock.hpp>

namespace redoubt::test {
namespace {

using namespace std::chrono_literals;

/// What an invocation has whose deadline is so far from now by the machine's clock.
Milliseconds time_of(lambda::Deadlines& deadlines, Milliseconds left) {
    const FakeClock clock;
    return std::chrono::floor<Milliseconds>(deadlines.answer_by(clock.wall() + left, clock) -
                                            clock.steady());
}

TEST(Deadlines, LeaveTimeForTheAnswer) {
    for (const Milliseconds left : {301ms, 1000ms, 3000ms, 30'000ms, 900'000ms}) {
        lambda::Deadlines deadlines;
        EXPECT_EQ(time_of(deadlines, left), left - 300ms);
    }
}

TEST(Deadlines, ThatArePastAreNotBelieved) {
    for (const Milliseconds left : {0ms, -1ms, -3000ms, Milliseconds(-36h)}) {
        lambda::Deadlines first;
        EXPECT_EQ(time_of(first, left), 2700ms) << "as much as Lambda gives by default";
        lambda::Deadlines later;
        static_cast<void>(time_of(later, 2000ms));
        static_cast<void>(time_of(later, 10'000ms));
        static_cast<void>(time_of(later, 9000ms));
        EXPECT_EQ(time_of(later, left), 9700ms) << "the most that any had";
        EXPECT_EQ(time_of(later, 1000ms), 700ms);
    }
}

/// Of any number that a header may hold, and of none.
TEST(Deadlines, AreReadFromWhateverIsSaid) {
    const FakeClock clock;
    for (const auto& [text, left] : std::map<std::string, Milliseconds>{
             {"", 2700ms},
             {"soon", 2700ms},
             {"-9223372036854775808", 2700ms},
             {"9223372036854775807", 15min - 300ms},
             {std::to_string(unix_ms(clock.wall()) + 1000), 700ms}}) {
        const auto said = lambda::read_invocation(
            {200,
             {{"lambda-runtime-aws-request-id", "1"}, {"lambda-runtime-deadline-ms", text}},
             "{}"});
        lambda::Deadlines deadlines;
        EXPECT_EQ(deadlines.answer_by(said.value().deadline, clock) - clock.steady(), left) << text;
    }
}

TEST(Deadlines, AreNeverFurtherThanAnInvocationMayLast) {
    lambda::Deadlines deadlines;
    EXPECT_EQ(time_of(deadlines, 24h), 15min - 300ms);
    EXPECT_EQ(time_of(deadlines, -1ms), 15min - 300ms);
}

}  // namespace
}  // namespace redoubt::test
