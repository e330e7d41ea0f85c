// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/batch_get.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <fakes/aws_world.hpp>

namespace redoubt::test {
namespace {

namespace dynamodb = aws::dynamodb;

dynamodb::ItemKey named(const std::string& pkh) { return {{"pkh", pkh}, {"scope", "sealed"}}; }

Json named_json(const std::string& pkh) {
    return {{"pkh", {{"S", pkh}}}, {"scope", {{"S", "sealed"}}}};
}

Json stored(const std::string& pkh) {
    Json out = named_json(pkh);
    out["made"] = {{"N", "7"}};
    return out;
}

Json batch_answer(const Json& items, const Json& left = Json::array()) {
    Json body = {{"Responses", {{"table", items}}}, {"UnprocessedKeys", Json::object()}};
    if (!left.empty()) body["UnprocessedKeys"] = {{"table", {{"Keys", left}}}};
    return body;
}

std::vector<dynamodb::ItemKey> many_named(int count) {
    std::vector<dynamodb::ItemKey> out;
    for (int i = 0; i < count; ++i) out.push_back(named("tz4" + std::to_string(i)));
    return out;
}

/// The items that are asked for, all of them there.
Json all_stored(const http::ClientRequest& call) {
    const Json body = body_of(call);
    Json items = Json::array();
    for (const Json& asked : body.at("RequestItems").at("table").at("Keys")) {
        items.push_back(stored(asked.at("pkh").at("S").get<std::string>()));
    }
    return items;
}

struct BatchGet : ::testing::Test {
    auto get(std::vector<dynamodb::ItemKey> wanted, SteadyTime deadline = SteadyTime::max()) {
        return dynamodb::batch_get(world.dynamodb, world.runner, "table", std::move(wanted),
                                   deadline);
    }
    std::string code(const Result<std::vector<Json>>& result) {
        return result ? "read" : std::string(name(result.error().code));
    }
    void answer_with(const Json& body) {
        world.runner.follow([this, body](const http::ClientRequest& /*call*/) {
            return aws_answer(200, body, world.clock.wall());
        });
    }
    [[nodiscard]] std::size_t calls() const { return world.runner.calls.size(); }

    AwsWorld world;
};

TEST_F(BatchGet, ReadsStronglyConsistentAndGivesItemsInTheOrderOfTheKeys) {
    world.runner.follow([&](const http::ClientRequest& call) {
        EXPECT_EQ(header_of(call, "X-Amz-Target"), "DynamoDB_20120810.BatchGetItem");
        EXPECT_EQ(body_of(call),
                  (Json{{"RequestItems",
                         {{"table",
                           {{"Keys", {named_json("a"), named_json("b"), named_json("c")}},
                            {"ConsistentRead", true}}}}}}));
        return aws_answer(200, batch_answer({stored("c"), stored("a")}), world.clock.wall());
    });
    const auto read = get({named("a"), named("b"), named("c"), named("a")});
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, (std::vector<Json>{stored("a"), Json(), stored("c"), stored("a")}));
    EXPECT_EQ(calls(), 1U);
}

TEST_F(BatchGet, AsksForNothingWithoutKeys) {
    EXPECT_EQ(get({}).value(), std::vector<Json>());
    EXPECT_EQ(calls(), 0U);
}

TEST_F(BatchGet, AsksForNoMoreThanAHundredAtOnce) {
    std::vector<std::size_t> sizes;
    world.runner.follow([&](const http::ClientRequest& call) {
        sizes.push_back(all_stored(call).size());
        return aws_answer(200, batch_answer(all_stored(call)), world.clock.wall());
    });
    const auto read = get(many_named(230));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(sizes, (std::vector<std::size_t>{100, 100, 30}));
    for (int i = 0; i < 230; ++i) {
        EXPECT_EQ(read->at(static_cast<std::size_t>(i)), stored("tz4" + std::to_string(i)));
    }
}

TEST_F(BatchGet, AsksAgainForWhatIsLeftAfterAPause) {
    world.runner.follow([&](const http::ClientRequest& call) {
        Json items = all_stored(call);
        Json left = Json::array();
        for (; items.size() > 1; items.erase(1)) {
            left.push_back({{"pkh", items[1]["pkh"]}, {"scope", items[1]["scope"]}});
        }
        return aws_answer(200, batch_answer(items, left), world.clock.wall());
    });
    const auto read = get(many_named(4));
    ASSERT_TRUE(read.has_value());
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(read->at(static_cast<std::size_t>(i)), stored("tz4" + std::to_string(i)));
    }
    ASSERT_EQ(calls(), 4U);
    for (std::size_t i = 1; i < 4; ++i) {
        const auto pause = world.runner.calls[i].at - world.runner.calls[i - 1].at;
        EXPECT_GE(pause, Milliseconds(25));
        EXPECT_LE(pause, Milliseconds(50));
    }
}

TEST_F(BatchGet, GivesUpWhenNothingIsProcessedSixTimes) {
    answer_with(batch_answer(Json::array(), {named_json("a"), named_json("b")}));
    const auto read = get({named("a"), named("b")});
    EXPECT_EQ(code(read), "table_unavailable");
    EXPECT_EQ(calls(), 6U);
    EXPECT_GE(world.runner.calls[5].at - world.runner.calls[4].at, Milliseconds(400));
}

TEST_F(BatchGet, EndsAtItsDeadline) {
    answer_with(batch_answer(Json::array({stored("a")}), Json::array({named_json("b")})));
    EXPECT_EQ(code(get({named("a"), named("b")}, world.clock.steady() + Milliseconds(20))),
              "deadline");
    EXPECT_EQ(calls(), 1U);
}

TEST_F(BatchGet, PassesOnWhatFailed) {
    world.runner.follow([&](const http::ClientRequest& /*call*/) {
        return aws_error(400, "AccessDeniedException", world.clock.wall());
    });
    EXPECT_EQ(code(get({named("a")})), "table_refused");
    world.runner.follow([&](const http::ClientRequest& /*call*/) {
        return aws_error(500, "InternalServerError", world.clock.wall());
    });
    EXPECT_EQ(code(get({named("a")})), "table_unavailable");
}

TEST_F(BatchGet, RefusesWhatWasNotAskedFor) {
    const Json right = batch_answer(Json::array({stored("a")}), Json::array({named_json("b")}));
    const std::vector<std::function<void(Json&)>> changes = {
        [](Json& body) { body["Responses"]["table"].push_back(stored("c")); },
        [](Json& body) { body["Responses"]["table"].push_back(stored("a")); },
        [](Json& body) { body["Responses"]["table"].push_back(stored("b")); },  // and left
        [](Json& body) { body["Responses"]["table"].push_back("a"); },
        [](Json& body) { body["Responses"]["table"][0]["scope"] = {{"S", "wrap"}}; },
        [](Json& body) { body["Responses"]["table"][0]["pkh"] = {{"B", "a"}}; },
        [](Json& body) { body["Responses"]["other"] = Json::array(); },
        [](Json& body) { body["Responses"] = {{"other", body["Responses"]["table"]}}; },
        [](Json& body) { body["Responses"]["table"] = Json::object({{"a", stored("a")}}); },
        [](Json& body) { body["Responses"] = Json::array(); },
        [](Json& body) { body.erase("Responses"); },
        [](Json& body) { body["UnprocessedKeys"]["table"]["Keys"].push_back(named_json("b")); },
        [](Json& body) { body["UnprocessedKeys"]["table"]["Keys"].push_back(named_json("a")); },
        [](Json& body) { body["UnprocessedKeys"]["table"]["Keys"].push_back(named_json("c")); },
        [](Json& body) { body["UnprocessedKeys"]["table"]["Keys"][0] = stored("b"); },
        [](Json& body) { body["UnprocessedKeys"]["table"]["Keys"][0] = "b"; },
        [](Json& body) { body["UnprocessedKeys"]["table"].erase("Keys"); },
        [](Json& body) { body["UnprocessedKeys"] = {{"other", {{"Keys", {named_json("b")}}}}}; },
        [](Json& body) { body["UnprocessedKeys"] = "table"; },
    };
    for (const auto& change : changes) {
        Json body = right;
        change(body);
        answer_with(body);
        EXPECT_EQ(code(get({named("a"), named("b")})), "table_refused") << body;
    }
}

}  // namespace
}  // namespace redoubt::test
