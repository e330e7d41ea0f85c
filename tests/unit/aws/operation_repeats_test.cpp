// SPDX-License-Identifier: Apache-2.0
#include "operation_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Operations, LostAnswersAreRepeatedUpToThreeTries) {
    for (const TransportFailure why : {TransportFailure::Connection, TransportFailure::Timeout}) {
        answers = {lost(why), lost(why), fine()};
        EXPECT_EQ(run_alone(), "done");
        answers = {lost(why), lost(why), lost(why)};
        EXPECT_EQ(run_alone(), "table_unavailable");
    }
    EXPECT_TRUE(answers.empty());
}

TEST_F(Operations, EveryTryIsMadeAndSignedAfresh) {
    answers = {lost(TransportFailure::Timeout), lost(TransportFailure::Timeout), fine()};
    world.runner.follow([this](const http::ClientRequest& /*call*/) {
        world.clock.advance(std::chrono::seconds(1));
        http::ResponseOrError answer = std::move(answers.front());
        answers.pop_front();
        return answer;
    });
    EXPECT_EQ(run_alone(), "done");
    EXPECT_EQ(bodies, 3);
    std::set<std::string> dates, signatures;
    for (const auto& made : world.runner.calls) {
        dates.insert(header_of(made.call, "X-Amz-Date"));
        signatures.insert(header_of(made.call, "Authorization"));
    }
    EXPECT_EQ(dates.size(), 3U);
    EXPECT_EQ(signatures.size(), 3U);
}

TEST_F(Operations, PausesGrowAndAreSpread) {
    std::set<std::int64_t> first_pauses;
    for (int i = 0; i < 100; ++i) {
        world.runner.calls.clear();
        answers = {lost(TransportFailure::Connection), lost(TransportFailure::Connection), fine()};
        EXPECT_EQ(run_alone(), "done");
        const auto& made = world.runner.calls;
        const auto first = made[1].at - made[0].at;
        const auto second = made[2].at - made[1].at;
        EXPECT_GE(first, std::chrono::milliseconds(25));
        EXPECT_LE(first, std::chrono::milliseconds(50));
        EXPECT_GE(second, std::chrono::milliseconds(50));
        EXPECT_LE(second, std::chrono::milliseconds(100));
        first_pauses.insert(first.count());
    }
    EXPECT_GT(first_pauses.size(), 50U);
}

TEST_F(Operations, ADamagedAnswerIsRepeated) {
    http::Response wrong_checksum = fine(), no_checksum = fine(), nonsense_checksum = fine();
    http::Response half = fine(), no_json = fine(), list = fine();
    wrong_checksum.headers[1].second = "1";
    no_checksum.headers.pop_back();
    nonsense_checksum.headers[1].second = "12x";
    half.body.resize(half.body.size() / 2);
    no_json = {200, {{"date", http_date(now())}}, "<html>"};
    list = aws_answer(200, Json::array(), now());
    const http::Response empty{200, {}, ""};
    for (const auto& damaged : {wrong_checksum, nonsense_checksum, half, no_json, list, empty}) {
        answers = {damaged, fine()};
        EXPECT_EQ(run_alone(), "done") << damaged.body;
        EXPECT_TRUE(answers.empty());
    }
    answers = {no_checksum};
    EXPECT_EQ(run_alone(), "done") << "KMS sends no checksum";
}

TEST_F(Operations, ADamagedRefusalIsNoRefusal) {
    http::Response damaged = aws_error(400, "AccessDeniedException", now());
    damaged.headers[1].second = "1";
    answers = {damaged, fine()};
    EXPECT_EQ(run_alone(), "done");
}

TEST_F(Operations, StatusesWithoutAReasonAreRepeated) {
    for (const int status : {400, 403, 404, 408, 429, 500, 502, 503, 504}) {
        answers = {http::Response{status, {}, ""}, http::Response{status, {}, "<html>"}, fine()};
        EXPECT_EQ(run_alone(), "done") << status;
    }
}

TEST_F(Operations, AWrongClockIsCorrectedAtOnceByTheAnswersDate) {
    for (const auto ahead : {std::chrono::minutes(10), std::chrono::minutes(-10)}) {
        for (const std::string code :
             {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired",
              "RequestTimeTooSkewed", "AuthFailure", "RequestInTheFuture", "AccessDeniedException",
              "UnrecognizedClientException", "ExpiredTokenException", "NeverHeardOf"}) {
            AwsWorld fresh;
            const WallTime real = fresh.clock.wall() + ahead;
            std::deque<http::ResponseOrError> script = {aws_error(403, code, real),
                                                        aws_answer(200, Json::object(), real)};
            fresh.runner.follow([&](const http::ClientRequest& /*call*/) {
                http::ResponseOrError answer = std::move(script.front());
                script.pop_front();
                return answer;
            });
            Operation operation(fresh.kms, "Sign", [] { return std::string("{}"); });
            fresh.run(operation);
            EXPECT_TRUE(operation.outcome().has_value()) << code;
            const auto& made = fresh.runner.calls;
            ASSERT_EQ(made.size(), 2U);
            EXPECT_EQ(made[1].at, made[0].at) << "without a pause";
            EXPECT_NE(header_of(made[0].call, "X-Amz-Date"), header_of(made[1].call, "X-Amz-Date"));
            EXPECT_EQ(fresh.corrected.now(), real);
        }
    }
}

TEST_F(Operations, AClockThatIsNearlyRightIsNotToBlame) {
    const auto nearly =
        aws_error(403, "InvalidSignatureException", now() + std::chrono::minutes(4));
    answers = {nearly, nearly};
    EXPECT_EQ(run_alone(), "table_refused");
    EXPECT_EQ(calls(), 2U);
}

TEST_F(Operations, AnAnswerWithoutAReadableDateTellsNothingOfTheClock) {
    http::Response undated = aws_error(403, "SignatureDoesNotMatch", now());
    undated.headers = {{"date", "Sat, 21 nov 2026 10:20:00 GMT"}};
    answers = {undated, undated};
    EXPECT_EQ(run_alone(), "table_refused");
    EXPECT_EQ(calls(), 2U);
    EXPECT_EQ(world.corrected.now(), now());
}

TEST_F(Operations, ASignatureThatStaysWrongIsRefusedAfterTheClockWasCorrected) {
    const WallTime real = now() + std::chrono::minutes(10);
    const auto wrong = aws_error(403, "SignatureDoesNotMatch", real);
    answers = {wrong, wrong, wrong};
    EXPECT_EQ(run_alone(), "table_refused");
    EXPECT_EQ(calls(), 3U) << "by the right clock it is repeated once";
}

/// What is refused for the first time on the last try was not asked again: it may pass.
TEST_F(Operations, ARefusalOnTheLastTryIsNotFinal) {
    const http::ResponseOrError throttled = aws_error(400, "ThrottlingException", now());
    for (const http::Response& refused :
         {aws_error(400, "AccessDeniedException", now()),
          aws_error(403, "InvalidSignatureException", now()),
          aws_error(403, "InvalidSignatureException", now() + std::chrono::minutes(10))}) {
        answers = {throttled, lost(TransportFailure::Timeout), refused};
        EXPECT_EQ(run_alone(), "table_unavailable");
        EXPECT_TRUE(answers.empty());
    }
}

TEST_F(Operations, TheDeadlineEndsIt) {
    const SteadyTime start = world.clock.steady();
    EXPECT_EQ(run_alone(start), "deadline");
    EXPECT_EQ(calls(), 0U);
    answers = {lost(TransportFailure::Deadline)};
    EXPECT_EQ(run_alone(), "deadline");
    EXPECT_EQ(calls(), 1U);
    // The first pause is at least 25 ms.
    answers = {lost(TransportFailure::Connection)};
    EXPECT_EQ(run_alone(start + std::chrono::milliseconds(20)), "deadline");
    EXPECT_EQ(calls(), 2U);
}

TEST_F(Operations, ADeadlineSaysWhatWasLeftUnanswered) {
    const SteadyTime start = world.clock.steady();
    const auto message = [this](SteadyTime deadline) {
        Operation operation = make();
        EXPECT_EQ(run(operation, deadline), "deadline");
        return operation.outcome().error().message;
    };
    EXPECT_EQ(message(start), "there was no time left to ask DynamoDB");
    answers = {lost(TransportFailure::Deadline)};
    EXPECT_TRUE(message(SteadyTime::max()).starts_with("DynamoDB did not answer"));
    answers = {aws_error(400, "ThrottlingException", now())};
    EXPECT_TRUE(message(start + std::chrono::milliseconds(20))
                    .starts_with("there was no time left to ask DynamoDB again (last: Thr"));
}

TEST_F(Operations, NobodyAskedIsADeadlineToo) {
    Operation operation = make();
    EXPECT_EQ(name(operation.outcome().error().code), "deadline");
}

TEST_F(Operations, EffortCountsTriesAndTime) {
    answers = {lost(TransportFailure::Timeout), fine()};
    Operation operation = make();
    EXPECT_EQ(run(operation), "done");
    EXPECT_EQ(operation.stats().calls, 2);
    EXPECT_GE(operation.stats().spent.count(), 25.0);
    EXPECT_LE(operation.stats().spent.count(), 50.0);
}

TEST_F(Operations, EffortDoesNotCountWhatNeverLeft) {
    const SteadyTime start = world.clock.steady();
    Operation late = make();
    EXPECT_EQ(run(late, start), "deadline");
    EXPECT_EQ(late.stats().calls, 0);
    // The pause before the second try is longer than what is left.
    answers = {lost(TransportFailure::Connection)};
    Operation pausing = make();
    EXPECT_EQ(run(pausing, start + std::chrono::milliseconds(20)), "deadline");
    EXPECT_EQ(pausing.stats().calls, 1);
}

TEST_F(Operations, EffortTellsWhatEachTryMetAlsoIfItSucceeds) {
    answers = {aws_error(400, "x#ThrottlingException:y", now()),
               aws_error(500, "InternalServerError", now()), fine()};
    Operation lucky = make();
    EXPECT_EQ(run(lucky), "done");
    EXPECT_EQ(lucky.stats().failures,
              (std::vector<std::string>{"ThrottlingException", "InternalServerError"}));
    EXPECT_EQ(lucky.stats().throttles, 1);

    http::Response half = fine();
    half.body.resize(half.body.size() / 2);
    answers = {lost(TransportFailure::Timeout), lost(TransportFailure::Connection), half};
    Operation unlucky = make();
    EXPECT_EQ(run(unlucky), "table_unavailable");
    EXPECT_EQ(unlucky.stats().failures,
              (std::vector<std::string>{"timeout", "connection failed", "damaged answer"}));
    EXPECT_EQ(unlucky.stats().throttles, 0);

    answers = {http::Response{429, {}, ""}, aws_error(429, "Unheard", now()),
               lost(TransportFailure::Deadline)};
    Operation throttled = make();
    EXPECT_EQ(run(throttled), "deadline");
    EXPECT_EQ(throttled.stats().failures,
              (std::vector<std::string>{"status 429", "Unheard", "deadline"}));
    EXPECT_EQ(throttled.stats().throttles, 2);

    answers = {aws_error(400, "AccessDeniedException", now()),
               aws_error(400, "DisabledException", now())};
    Operation refused = make();
    EXPECT_EQ(run(refused), "table_refused");
    EXPECT_EQ(refused.stats().failures,
              (std::vector<std::string>{"AccessDeniedException", "DisabledException"}));
}

TEST_F(Operations, AnExpectedErrorIsNoFailure) {
    answers = {aws_error(400, "ConditionalCheckFailedException", now())};
    Operation operation = make("ConditionalCheckFailedException");
    EXPECT_EQ(run(operation), "done");
    EXPECT_TRUE(operation.stats().failures.empty());
}

TEST_F(Operations, ACodeThatFillsTheLogIsCut) {
    answers = {aws_error(400, std::string(5000, 'x'), now()), fine()};
    Operation operation = make();
    EXPECT_EQ(run(operation), "done");
    EXPECT_EQ(operation.stats().failures, std::vector<std::string>{std::string(64, 'x')});
}

}  // namespace
}  // namespace redoubt::test
