// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/client.hpp>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <thread>

#include <fakes/fake_clock.hpp>

#include "scripted_host.hpp"

namespace redoubt::test {
namespace {

using namespace std::chrono_literals;
using http::ResponseOrError;
using http::TransportFailure;

/// Asks the same once for each call, whatever comes back, and notes all.
class Questions : public http::Exchange {
public:
    explicit Questions(const std::string& authority, int calls = 1)
        : call_{"POST", "http://" + authority, "/", {{"Host", authority}, {"Type", "text"}}, "abc"},
          calls_(calls) {}

    std::optional<Next> next() override {
        if (calls_-- <= 0) return std::nullopt;
        const auto not_before = pause.count() > 0 ? SystemClock().steady() + pause : SteadyTime();
        return Next{call_, not_before, hedge_after};
    }
    std::optional<http::ClientRequest> hedge_request(const http::ClientRequest& slow) override {
        EXPECT_EQ(slow.body, call_.body);
        return slow;
    }
    void on_send() noexcept override {
        ++sends;
        events.emplace_back("sent");
    }
    void on_response(const ResponseOrError& answer) override {
        answers.push_back(answer);
        events.emplace_back("answered");
        if (!answer && answer.error().failure == TransportFailure::Deadline) calls_ = 0;
    }
    bool settles(const http::Response& response) override { return response.status == 200; }
    [[nodiscard]] io::CallStats stats() const override { return {}; }
    [[nodiscard]] SteadyTime give_up_at() const override {
        return until ? until() : SteadyTime::max();
    }

    std::optional<Milliseconds> hedge_after;
    std::function<SteadyTime()> until;
    Milliseconds pause{0};
    int sends = 0;
    std::vector<ResponseOrError> answers;
    std::vector<std::string> events;

private:
    http::ClientRequest call_;
    int calls_;
};

/// Notes when it is computed among the events of an exchange with the outside.
class Computation final : public io::LocalExchange {
public:
    explicit Computation(std::vector<std::string>& events) : events_(events) {}
    void compute() override { events_.emplace_back("computed"); }
    [[nodiscard]] io::CallStats stats() const override { return {}; }

private:
    std::vector<std::string>& events_;
};

class HttpClient : public testing::Test {
public:
    std::vector<ResponseOrError> ask(Questions& questions, Milliseconds patience = 10s) {
        const std::array<io::Exchange*, 1> exchanges = {&questions};
        client.run(exchanges, clock.steady() + patience);
        return questions.answers;
    }
    static std::string text(const ResponseOrError& answer) {
        return answer ? answer->body : "lost: " + answer.error().detail;
    }

    SystemClock clock;
    http::Client client{{.trusted_roots = {}, .call_timeout = 500ms, .max_answer_bytes = 100},
                        clock};
};

TEST_F(HttpClient, KeepsItsConnection) {
    const ScriptedHost host({{hello, hello}});
    Questions questions(host.authority(), 2);
    for (const ResponseOrError& answer : ask(questions)) EXPECT_EQ(text(answer), "hello");
    EXPECT_EQ(questions.answers.size(), 2U);
    EXPECT_EQ(questions.sends, 2);
    EXPECT_EQ(host.connections(), 1U);
    EXPECT_EQ(host.asked(1), "POST / HTTP/1.1\r\nHost: " + host.authority() +
                                 "\r\nType: text\r\nContent-Length: 3\r\n\r\nabc");
}

TEST_F(HttpClient, ComputesWhatIsLocalWhileTheRestIsUnderWay) {
    const ScriptedHost host({{hello, hello}});
    for (const std::string connection : {"new", "kept"}) {
        Questions questions(host.authority());
        Computation computation(questions.events);
        const std::array<io::Exchange*, 2> exchanges = {&computation, &questions};
        client.run(exchanges, clock.steady() + 10s);
        EXPECT_EQ(questions.events, (std::vector<std::string>{"sent", "computed", "answered"}))
            << "over a " << connection << " connection";
    }
}

TEST_F(HttpClient, ComputesWhatIsLocalAlsoAloneAndBesideWhatFails) {
    std::vector<std::string> events;
    Computation computation(events);
    const std::array<io::Exchange*, 1> alone = {&computation};
    client.run(alone, clock.steady() + 10s);
    EXPECT_EQ(events.size(), 1U);
    Questions questions("127.0.0.1:1");  // nobody listens
    const std::array<io::Exchange*, 2> both = {&questions, &computation};
    client.run(both, clock.steady() + 10s);
    EXPECT_EQ(events.size(), 2U);
    EXPECT_FALSE(questions.answers.at(0).has_value());
}

TEST_F(HttpClient, ComputesNothingAfterTheDeadline) {
    const ScriptedHost host({{hello}});
    Questions questions(host.authority());
    Computation computation(questions.events);
    const std::array<io::Exchange*, 2> exchanges = {&computation, &questions};
    client.run(exchanges, clock.steady() - 1ms);
    EXPECT_EQ(questions.events, std::vector<std::string>{"answered"}) << "that there is no time";
    EXPECT_EQ(questions.answers.at(0).error().failure, TransportFailure::Deadline);
}

TEST_F(HttpClient, TakesAnotherConnectionIfTheServiceWantsIt) {
    const std::string last =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlast";
    const ScriptedHost host({{last}, {last}});
    Questions questions(host.authority(), 2);
    for (const ResponseOrError& answer : ask(questions)) EXPECT_EQ(text(answer), "last");
    EXPECT_EQ(host.connections(), 2U);
}

TEST_F(HttpClient, SendsAgainWhatMetAConnectionThatWasClosedMeanwhile) {
    const ScriptedHost host({{hello, ""}, {hello}});
    Questions questions(host.authority(), 2);
    for (const ResponseOrError& answer : ask(questions)) EXPECT_EQ(text(answer), "hello");
    EXPECT_EQ(questions.sends, 3) << "each may have been acted on";
    EXPECT_EQ(host.connections(), 2U);
}

TEST_F(HttpClient, SendsOnceIfItCanSeeThatAConnectionWasClosed) {
    const ScriptedHost host({{hello}, {hello}});
    Questions first(host.authority());
    EXPECT_EQ(text(ask(first).at(0)), "hello");
    while (host.ended() == 0) std::this_thread::sleep_for(1ms);
    Questions second(host.authority());
    EXPECT_EQ(text(ask(second).at(0)), "hello");
    EXPECT_EQ(second.sends, 1);
}

TEST_F(HttpClient, SendsOnceOverANewConnection) {
    const ScriptedHost host({{""}, {hello}});
    Questions questions(host.authority());
    const auto answers = ask(questions);
    ASSERT_EQ(answers.size(), 1U);
    ASSERT_FALSE(answers[0]);
    EXPECT_EQ(answers[0].error().failure, TransportFailure::Connection);
    EXPECT_EQ(questions.sends, 1);
}

TEST_F(HttpClient, TakesNoPartOfAnAnswerForOne) {
    for (const std::string part :
         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Le",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n"}) {
        const ScriptedHost host({{hello, part}, {hello}});
        Questions questions(host.authority(), 2);
        const auto answers = ask(questions);
        ASSERT_EQ(answers.size(), 2U);
        EXPECT_TRUE(answers[0]);
        ASSERT_FALSE(answers[1]) << part;
        EXPECT_EQ(answers[1].error().failure, TransportFailure::Connection);
        EXPECT_EQ(questions.sends, 2) << "what was answered, in part, is not sent again";
    }
}

TEST_F(HttpClient, WaitsForAnAnswerOnlySoLong) {
    const ScriptedHost host({{silence}, {hello}});
    Questions questions(host.authority(), 2);
    const auto answers = ask(questions);
    ASSERT_EQ(answers.size(), 2U);
    ASSERT_FALSE(answers[0]);
    EXPECT_EQ(answers[0].error().failure, TransportFailure::Timeout);
    EXPECT_EQ(text(answers[1]), "hello") << "over another connection";
}

TEST_F(HttpClient, EndsAtTheDeadline) {
    const ScriptedHost host({{silence}});
    Questions questions(host.authority(), 2);
    const auto answers = ask(questions, 100ms);
    ASSERT_EQ(answers.size(), 1U);
    ASSERT_FALSE(answers[0]);
    EXPECT_EQ(answers[0].error().failure, TransportFailure::Deadline);
}

TEST_F(HttpClient, RacesASlowCallWithAnother) {
    const ScriptedHost host({{silence}, {hello}});
    Questions questions(host.authority());
    questions.hedge_after = 20ms;
    const auto answers = ask(questions);
    ASSERT_EQ(answers.size(), 1U) << "only the first answer is heard";
    EXPECT_EQ(text(answers[0]), "hello");
    EXPECT_EQ(questions.sends, 2);
}

/// Each outcome of each of two calls that race, either of them first: only one is heard, and it is
/// as good as any of the two.
TEST_F(HttpClient, HearsTheBetterOfTwoCallsWhicheverComesFirst) {
    const std::string busy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
    const std::string half = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    const std::string cut;
    for (const std::string& one : {hello, busy, half, cut, silence}) {
        for (const std::string& other : {hello, busy, half, cut, silence}) {
            for (const bool is_one_first : {true, false}) {
                SCOPED_TRACE(one + " | " + other + (is_one_first ? " | 1" : " | 2"));
                // Who never answers comes last.
                if ((is_one_first ? one : other) == silence) continue;
                const ScriptedHost host({{(is_one_first ? first_of_two : second_of_two) + one},
                                         {(is_one_first ? second_of_two : first_of_two) + other}});
                Questions questions(host.authority());
                questions.hedge_after = 10ms;
                // Time runs out only where it has to.
                const bool is_good = one == hello || other == hello;
                const bool is_awaited = one == silence || other == silence;
                http::Client racing({.trusted_roots = {},
                                     .call_timeout = is_awaited && !is_good ? 700ms : 10s,
                                     .max_answer_bytes = 100},
                                    clock);
                const std::array<io::Exchange*, 1> exchanges = {&questions};
                racing.run(exchanges, clock.steady() + 20s);
                const auto& answers = questions.answers;
                ASSERT_EQ(answers.size(), 1U);
                EXPECT_EQ(questions.sends, 2);
                if (is_good) {
                    EXPECT_EQ(text(answers[0]), "hello");
                } else if (is_awaited) {
                    ASSERT_FALSE(answers[0]);
                    EXPECT_EQ(answers[0].error().failure, TransportFailure::Timeout);
                } else if (one == busy && other == busy) {
                    EXPECT_EQ(text(answers[0]), "busy");
                } else if (one != busy && other != busy) {
                    ASSERT_FALSE(answers[0]);
                    EXPECT_EQ(answers[0].error().failure, TransportFailure::Connection);
                }  // else the last of the two, and which that is, the machine decides
            }
        }
    }
}

/// A connection is used until the limit, and never after; opened ahead a little before it.
TEST(HttpClientIdle, ConnectionsAreKeptUntilTheLimit) {
    struct Row {
        Milliseconds idle;
        bool is_ahead;
        std::size_t connections;
    };
    for (const Row& row : {Row{59'999ms, false, 1}, Row{60'001ms, false, 2}, Row{49'999ms, true, 1},
                           Row{50'001ms, true, 2}}) {
        SCOPED_TRACE(row.idle.count());
        const ScriptedHost host({{hello, hello}, {hello}});
        FakeClock clock;
        http::Client client({.trusted_roots = {}}, clock);
        const auto ask = [&] {
            Questions questions(host.authority());
            const std::array<io::Exchange*, 1> exchanges = {&questions};
            client.run(exchanges, clock.steady() + 10s);
            return questions.answers.at(0).has_value();
        };
        EXPECT_TRUE(ask());
        clock.advance(row.idle);
        if (row.is_ahead) {
            client.ensure_connections({"http://" + host.authority()}, clock.steady() + 10s);
        }
        EXPECT_TRUE(ask());
        EXPECT_EQ(host.connections(), row.connections);
    }
}

/// Whose first call takes its time to be prepared.
class SlowQuestions final : public Questions {
public:
    using Questions::Questions;
    std::optional<Next> next() override {
        std::this_thread::sleep_for(500ms);
        return Questions::next();
    }
};

TEST_F(HttpClient, LooksForTheAnswerBeforeItRaces) {
    for (const int others_calls : {0, 1}) {
        const ScriptedHost host({{hello}});
        const ScriptedHost other({{hello}});
        Questions questions(host.authority());
        questions.hedge_after = 50ms;
        SlowQuestions others(other.authority(), others_calls);
        const std::array<io::Exchange*, 2> exchanges = {&questions, &others};
        client.ensure_connections({"http://" + host.authority()}, clock.steady() + 10s);
        const SteadyTime deadline = clock.steady() + 10s;
        client.run(exchanges, deadline);
        EXPECT_EQ(text(questions.answers.at(0)), "hello");
        EXPECT_EQ(questions.sends, 1) << "it was answered meanwhile";
        EXPECT_LT(clock.steady(), deadline) << "nothing was left to wait for";
    }
}

TEST_F(HttpClient, RunsSeveralExchangesSideBySide) {
    const ScriptedHost host({{hello}});
    const ScriptedHost other({{silence}});
    Questions answered(host.authority());
    Questions unanswered(other.authority());
    const std::array<io::Exchange*, 2> exchanges = {&unanswered, &answered};
    client.run(exchanges, clock.steady() + 10s);
    EXPECT_EQ(text(answered.answers.at(0)), "hello");
    EXPECT_EQ(unanswered.answers.at(0).error().failure, TransportFailure::Timeout);
}

/// Until some moment after another's answer: under way, or in the pause before it is asked again.
TEST_F(HttpClient, GivesUpWhatNobodyWaitsForAnyMore) {
    const ScriptedHost host({{hello}});
    const ScriptedHost other({{silence}});
    Questions answered(host.authority());
    Questions silent(other.authority(), 2);
    Questions refused("127.0.0.1:1", 100);
    refused.pause = 20ms;
    std::optional<SteadyTime> enough;
    const auto until = [&] {
        if (!enough && !answered.answers.empty()) enough = clock.steady();
        return enough ? *enough + 100ms : SteadyTime::max();
    };
    for (Questions* questions : {&silent, &refused}) questions->until = until;
    const std::array<io::Exchange*, 3> exchanges = {&refused, &silent, &answered};
    const SteadyTime started = clock.steady();
    client.run(exchanges, started + 10s);
    EXPECT_LT(clock.steady() - started, 450ms) << "as long as a call may take";
    EXPECT_EQ(text(answered.answers.at(0)), "hello");
    ASSERT_EQ(silent.answers.size(), 1U) << "it is not asked again";
    EXPECT_GT(refused.answers.size(), 1U);
    for (const Questions* questions : {&silent, &refused}) {
        EXPECT_EQ(questions->answers.back().error().failure, TransportFailure::Deadline);
    }
}

TEST_F(HttpClient, SaysThatNobodyIsThere) {
    Questions questions("127.0.0.1:1");
    const auto answers = ask(questions);
    ASSERT_FALSE(answers.at(0));
    EXPECT_EQ(answers[0].error().failure, TransportFailure::Connection);
    EXPECT_EQ(questions.sends, 0);
}

TEST_F(HttpClient, OpensConnectionsAheadAndReplacesThoseThatEnded) {
    const ScriptedHost host({{hello}, {hello}});
    const std::vector<std::string> origins = {"http://" + host.authority()};
    const auto soon = [this] { return clock.steady() + 10s; };
    for (int i = 0; i < 3; ++i) client.ensure_connections(origins, soon());
    Questions questions(host.authority());
    EXPECT_EQ(text(ask(questions).at(0)), "hello");
    EXPECT_EQ(host.connections(), 1U);
    // The host closes that one after its only answer, as soon as it can.
    while (host.connections() < 2) client.ensure_connections(origins, soon());
    Questions others(host.authority());
    EXPECT_EQ(text(ask(others).at(0)), "hello");
    EXPECT_EQ(others.sends, 1);
}

TEST_F(HttpClient, ConnectsToWhatIsExpectedWhileAnotherAnswers) {
    const ScriptedHost host({{hello, hello}});
    const ScriptedHost next({{hello}, {hello}});
    client.expect(
        {"http://" + next.authority(), "http://127.0.0.1:1", "http://" + next.authority()});
    for (int i = 0; i < 2; ++i) {
        Questions questions(host.authority());
        EXPECT_EQ(text(ask(questions).at(0)), "hello");
    }
    while (next.connections() < 2) std::this_thread::yield();
    Questions one(next.authority());
    Questions other(next.authority());
    const std::array<io::Exchange*, 2> both = {&one, &other};
    client.run(both, clock.steady() + 10s);
    for (const Questions* questions : {&one, &other}) {
        EXPECT_EQ(text(questions->answers.at(0)), "hello");
    }
    EXPECT_EQ(next.connections(), 2U) << "none but those";
    Questions nobody("127.0.0.1:1");
    EXPECT_EQ(ask(nobody).at(0).error().failure, TransportFailure::Connection);
}

TEST_F(HttpClient, OpensNothingAheadForLongerThanItMay) {
    client.ensure_connections({"http://127.0.0.1:1", "http://nobody.invalid"},
                              clock.steady() + 100ms);
    Questions questions("127.0.0.1:1");
    EXPECT_FALSE(ask(questions).at(0));
}

}  // namespace
}  // namespace redoubt::test
