// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/hedging.hpp>

#include "operation_fixture.hpp"

namespace redoubt::test {
namespace {

using namespace std::chrono_literals;
using aws::Hedge;
using aws::Hedging;

constexpr SteadyTime some_time{1h};

void teach(Hedging& hedging, const std::vector<SteadyTime::duration>& latencies) {
    for (const auto latency : latencies) {
        hedging.called();
        hedging.answered(latency);
    }
}

TEST(HedgingDelay, NeedsAFewLatencies) {
    Hedging hedging({});
    teach(hedging, std::vector<SteadyTime::duration>(7, 20ms));
    EXPECT_EQ(hedging.delay(some_time), std::nullopt);
    teach(hedging, {20ms});
    EXPECT_EQ(hedging.delay(some_time), 30ms);
}

TEST(HedgingDelay, IsOneAndAHalfTimesWhatNineInTenTake) {
    Hedging hedging({});
    teach(hedging, {10ms, 11ms, 12ms, 13ms, 14ms, 15ms, 16ms, 17ms, 18ms, 20ms, 1000ms});
    EXPECT_EQ(hedging.delay(some_time), 30ms) << "one slow answer counts for nothing";
}

TEST(HedgingDelay, IsRoundedUpAndNeverShorterThanAHandshake) {
    Hedging hedging({});
    teach(hedging, std::vector<SteadyTime::duration>(8, 3500us));
    EXPECT_EQ(hedging.delay(some_time), 6ms);
    teach(hedging, std::vector<SteadyTime::duration>(64, 100us));
    EXPECT_EQ(hedging.delay(some_time), 3ms);
}

TEST(HedgingDelay, ForgetsWhatIsLongAgo) {
    Hedging hedging({});
    teach(hedging, std::vector<SteadyTime::duration>(64, 10ms));
    teach(hedging, std::vector<SteadyTime::duration>(63, 100ms));
    EXPECT_EQ(hedging.delay(some_time), 150ms);
    teach(hedging, std::vector<SteadyTime::duration>(64, 10ms));
    EXPECT_EQ(hedging.delay(some_time), 15ms);
}

TEST(HedgingBudget, IsOneCallInFiftyAfterTheFirst) {
    Hedging hedging({});
    int spent = 0;
    for (int i = 0; i < 5000; ++i) {
        hedging.called();
        if (hedging.spend(some_time)) ++spent;
    }
    EXPECT_GE(spent, 100);
    EXPECT_LE(spent, 101);
}

TEST(HedgingBudget, SavesFiveCallsAtMost) {
    Hedging hedging({});
    teach(hedging, std::vector<SteadyTime::duration>(5000, 10ms));
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(hedging.delay(some_time), 15ms);
        EXPECT_TRUE(hedging.spend(some_time));
    }
    EXPECT_EQ(hedging.delay(some_time), std::nullopt);
    EXPECT_FALSE(hedging.spend(some_time));
}

TEST(HedgingBudget, IsEmptyWhenHedgingIsOff) {
    Hedging hedging(aws::HedgingRules::off());
    teach(hedging, std::vector<SteadyTime::duration>(100, 10ms));
    EXPECT_EQ(hedging.delay(some_time), std::nullopt);
    EXPECT_FALSE(hedging.spend(some_time));
}

TEST(HedgingAfterAThrottle, RestsForSomeSeconds) {
    Hedging hedging({});
    teach(hedging, std::vector<SteadyTime::duration>(8, 10ms));
    hedging.throttled(some_time);
    for (const auto later : {0ms, 1ms, 5000ms, 9999ms}) {
        EXPECT_EQ(hedging.delay(some_time + later), std::nullopt) << later.count();
        EXPECT_FALSE(hedging.spend(some_time + later)) << later.count();
    }
    EXPECT_EQ(hedging.delay(some_time + 10s), 15ms);
    EXPECT_TRUE(hedging.spend(some_time + 10s));
}

class HedgedOperations : public Operations {
protected:
    Operation make(Hedge hedge) {
        return {world.dynamodb, "UpdateItem", [this] { return dump({{"n", ++bodies}}); },
                "ConditionalCheckFailedException", hedge};
    }
    /// Eight answers, each after 10 ms.
    void warm_up() {
        for (int i = 0; i < 8; ++i) {
            Operation operation = make(Hedge::WhenSlow);
            static_cast<void>(operation.next());
            world.clock.advance(10ms);
            operation.on_response(fine());
        }
    }
};

TEST_F(HedgedOperations, SayHowLongToWait) {
    Operation early = make(Hedge::WhenSlow);
    EXPECT_EQ(early.next()->hedge_after, std::nullopt);
    warm_up();
    Operation operation = make(Hedge::WhenSlow);
    EXPECT_EQ(operation.next()->hedge_after, 15ms);
    Operation unhedged = make(Hedge::Never);
    EXPECT_EQ(unhedged.next()->hedge_after, std::nullopt);
}

TEST_F(HedgedOperations, AskAgainWithTheSameBodySignedAfresh) {
    warm_up();
    bodies = 0;
    Operation operation = make(Hedge::WhenSlow);
    const http::ClientRequest first = operation.next()->request;
    operation.on_send();
    world.clock.advance(1s);
    const auto second = operation.hedge_request(first);
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(operation.stats().calls, 1) << "it may never leave";
    operation.on_send();
    EXPECT_EQ(bodies, 1) << "no body is made for it";
    EXPECT_EQ(second->body, first.body);
    EXPECT_EQ(second->origin, first.origin);
    EXPECT_EQ(header_of(*second, "X-Amz-Target"), header_of(first, "X-Amz-Target"));
    EXPECT_NE(header_of(*second, "X-Amz-Date"), header_of(first, "X-Amz-Date"));
    EXPECT_NE(header_of(*second, "Authorization"), header_of(first, "Authorization"));
    operation.on_response(fine());
    EXPECT_EQ(operation.stats().calls, 2);
    EXPECT_TRUE(operation.outcome().has_value());
    EXPECT_EQ(operation.next(), std::nullopt);
}

TEST_F(HedgedOperations, DoNotAskAgainWithoutABudgetOrTheRight) {
    warm_up();
    Operation unhedged = make(Hedge::Never);
    EXPECT_EQ(unhedged.hedge_request(unhedged.next()->request), std::nullopt);
    Operation first = make(Hedge::WhenSlow), second = make(Hedge::WhenSlow);
    const http::ClientRequest call = first.next()->request, other = second.next()->request;
    EXPECT_NE(first.hedge_request(call), std::nullopt);
    EXPECT_EQ(second.hedge_request(other), std::nullopt);
}

TEST_F(HedgedOperations, HaveThreeTriesHoweverManyCallsTheyMake) {
    warm_up();
    Operation operation = make(Hedge::WhenSlow);
    for (int i = 0; i < 3; ++i) {
        const auto next = operation.next();
        ASSERT_TRUE(next.has_value()) << i;
        if (i == 0) {
            EXPECT_NE(operation.hedge_request(next->request), std::nullopt);
        }
        operation.on_response(lost(TransportFailure::Timeout));
    }
    EXPECT_EQ(operation.next(), std::nullopt);
    EXPECT_EQ(name(operation.outcome().error().code), "table_unavailable");
}

TEST_F(HedgedOperations, LearnFromGoodAnswersOnly) {
    for (int i = 0; i < 20; ++i) {
        for (const http::ResponseOrError& answer :
             {http::ResponseOrError(aws_error(400, "AccessDeniedException", now())),
              http::ResponseOrError(aws_error(400, "ThrottlingException", now())),
              lost(TransportFailure::Timeout)}) {
            Operation operation = make(Hedge::WhenSlow);
            static_cast<void>(operation.next());
            operation.on_response(answer);
        }
        Operation unhedged = make(Hedge::Never);
        static_cast<void>(unhedged.next());
        unhedged.on_response(fine());
    }
    world.clock.advance(10s);
    EXPECT_EQ(world.dynamodb.hedging().delay(world.clock.steady()), std::nullopt);
    for (int i = 0; i < 8; ++i) {
        Operation operation = make(Hedge::WhenSlow);
        static_cast<void>(operation.next());
        operation.on_response(aws_error(400, "ConditionalCheckFailedException", now()));
    }
    EXPECT_NE(world.dynamodb.hedging().delay(world.clock.steady()), std::nullopt)
        << "a refusal is a good answer";
}

TEST_F(HedgedOperations, OfARepetitionOnlyItsOwnTimeCounts) {
    for (int i = 0; i < 8; ++i) {
        Operation operation = make(Hedge::WhenSlow);
        static_cast<void>(operation.next());
        world.clock.advance(900ms);
        operation.on_response(lost(TransportFailure::Timeout));
        world.clock.advance_to(operation.next()->not_before + 10ms);
        operation.on_response(fine());
    }
    EXPECT_EQ(world.dynamodb.hedging().delay(world.clock.steady()), 15ms);
}

/// Of two calls under way, one answers what a third would answer better: the other is waited for.
TEST_F(HedgedOperations, AreSettledBySuccessAndTheExpectedRefusalOnly) {
    Operation operation = make(Hedge::WhenSlow);
    static_cast<void>(operation.next());
    EXPECT_TRUE(operation.settles(fine()));
    EXPECT_TRUE(operation.settles(aws_error(400, "x#ConditionalCheckFailedException", now())));
    EXPECT_TRUE(operation.stats().failures.empty());
    http::Response damaged = fine(), cut = aws_error(400, "ConditionalCheckFailedException", now());
    damaged.headers[1].second = "1";
    cut.body.pop_back();
    const std::vector<http::Response> losses = {
        damaged,
        cut,
        {503, {}, "<html>"},
        aws_error(400, "ThrottlingException", now()),
        aws_error(500, "InternalServerError", now()),
        aws_error(400, "AccessDeniedException", now()),
        aws_error(400, "ExpiredTokenException", now()),
        aws_error(403, "InvalidSignatureException", now() + 10min)};
    for (const http::Response& loss : losses) EXPECT_FALSE(operation.settles(loss)) << loss.body;
    EXPECT_EQ(operation.stats().failures.size(), losses.size());
    EXPECT_EQ(operation.stats().throttles, 1);
    operation.on_response(fine());
    EXPECT_TRUE(operation.outcome().has_value());
}

/// Of two calls whose answers both came, the one that settled nothing is named beside the other.
TEST_F(HedgedOperations, NameBothAnswersIfBothWereRead) {
    Operation operation = make(Hedge::WhenSlow);
    static_cast<void>(operation.next());
    http::Response lost_one = aws_error(500, "InternalServerError", now()), good = fine();
    lost_one.headers.emplace_back("x-amzn-requestid", "lost-one");
    good.headers.emplace_back("x-amzn-requestid", "good-one");
    EXPECT_FALSE(operation.settles(lost_one));
    EXPECT_TRUE(operation.settles(good));
    EXPECT_TRUE(operation.stats().answer.empty()) << "not taken yet";
    operation.on_response(good);
    EXPECT_EQ(operation.stats().answer.text(), "good-one");
    ASSERT_EQ(operation.stats().others.size(), 1U);
    EXPECT_EQ(operation.stats().others.front().text(), "lost-one");
}

TEST_F(HedgedOperations, AreNoneForAWhileAfterAThrottleWhicheverCallMetIt) {
    for (const bool in_a_race : {false, true}) {
        warm_up();
        Operation throttled = make(in_a_race ? Hedge::WhenSlow : Hedge::Never);
        static_cast<void>(throttled.next());
        const http::Response answer = aws_error(400, "ThrottlingException", now());
        if (in_a_race) {
            EXPECT_FALSE(throttled.settles(answer));
        } else {
            throttled.on_response(answer);
        }
        Operation next = make(Hedge::WhenSlow);
        EXPECT_EQ(next.next()->hedge_after, std::nullopt);
        world.clock.advance(10s);
        Operation later = make(Hedge::WhenSlow);
        EXPECT_EQ(later.next()->hedge_after, 15ms);
    }
}

/// The other service's answer corrects the clock while the first call is under way: what refuses
/// that call for its date is then no lasting refusal, whichever of the two it answers.
TEST_F(HedgedOperations, AreRepeatedIfEitherCallWasMisdated) {
    warm_up();
    const WallTime real = now() + 10min;
    Operation operation = make(Hedge::WhenSlow);
    const http::ClientRequest first = operation.next()->request;
    world.corrected.on_date(real);
    EXPECT_NE(operation.hedge_request(first), std::nullopt);
    operation.on_response(aws_error(403, "InvalidSignatureException", real));
    EXPECT_NE(operation.next(), std::nullopt);
    operation.on_response(fine());
    EXPECT_TRUE(operation.outcome().has_value());
}

}  // namespace
}  // namespace redoubt::test
