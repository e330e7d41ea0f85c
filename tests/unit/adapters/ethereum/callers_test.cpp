// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/callers.hpp>

#include <gtest/gtest.h>

#include <fakes/aws_world.hpp>
#include <standins/aws_exception.hpp>
#include <standins/dynamodb.hpp>

namespace redoubt::test {
namespace {

using access::RoleArn;
using ethereum_adapters::parse_principal_item;
using ethereum_adapters::parse_token_item;
using ethereum_adapters::to_item;

access::TokenId id_of(int number) {
    std::string text = std::to_string(number);
    return access::TokenId::parse(text.insert(0, 16 - text.size(), '0')).value();
}

access::Token token_of(int number) {
    access::Token token{id_of(number), {}, false, {}};
    token.hash.fill(static_cast<Byte>(number));
    token.grant = {.ops = {"validator"}, .keys = access::AllKeys{}};
    return token;
}

access::PresentedToken presented(int number) {
    const access::Token token = token_of(number);
    return {token.id, token.hash, access::Carrier::Header};
}

const RoleArn role = RoleArn::parse("arn:aws:iam::111122223333:role/validators").value();

Json item_json(const ObjectText& item) { return parse_json(item.text()).value(); }

/// A table with items of its callers.
class Callers : public ::testing::Test {
protected:
    Callers() {
        standins::create_validators(dynamodb, table);
        world.runner.follow([this](const http::ClientRequest& call) { return answer(call); });
    }
    http::ResponseOrError answer(const http::ClientRequest& call) {
        EXPECT_EQ(header_of(call, "X-Amz-Target"), "DynamoDB_20120810.GetItem");
        EXPECT_EQ(body_of(call).at("ConsistentRead"), false);
        if (is_down) return aws_error(400, "ValidationException", world.clock.wall());
        return aws_answer(200, dynamodb.operate("GetItem", body_of(call)), world.clock.wall());
    }
    void put(const Json& item) {
        static_cast<void>(dynamodb.operate("PutItem", {{"TableName", table}, {"Item", item}}));
    }
    void put(const access::Token& token) { put(item_json(to_item(token))); }
    void revoke(const access::TokenId& id) {
        static_cast<void>(dynamodb.operate(
            "DeleteItem",
            {{"TableName", table}, {"Key", {{"id", {{"S", "token/" + id.text()}}}}}}));
    }
    template <class Who>
    std::string outcome(const Who& who) {
        const auto caller = callers.admit(who, SteadyTime::max());
        return caller ? "in" : std::string(name(caller.error().code));
    }
    std::size_t reads() const { return world.runner.calls.size(); }

    const std::string table = "redoubt-validators";
    AwsWorld world;
    standins::DynamoDb dynamodb;
    bool is_down = false;
    ethereum_adapters::Callers callers{world.dynamodb, world.runner, table};
};

TEST_F(Callers, OneThatIsKnownIsReadOnceAMinute) {
    put(token_of(1));
    for (int second = 0; second < 60; ++second) {
        EXPECT_EQ(outcome(presented(1)), "in");
        world.clock.advance(std::chrono::milliseconds(999));
    }
    EXPECT_EQ(reads(), 1U);
    world.clock.advance(std::chrono::milliseconds(60));
    EXPECT_EQ(outcome(presented(1)), "in");
    EXPECT_EQ(reads(), 2U);
}

TEST_F(Callers, WhatIsRevokedEndsWithinAMinute) {
    put(token_of(1));
    ASSERT_EQ(outcome(presented(1)), "in");
    world.clock.advance(std::chrono::seconds(1));
    revoke(id_of(1));
    world.clock.advance(std::chrono::milliseconds(58'999));
    EXPECT_EQ(outcome(presented(1)), "in") << "this function has not looked since";
    world.clock.advance(std::chrono::milliseconds(1));
    EXPECT_EQ(outcome(presented(1)), "token_invalid");
}

TEST_F(Callers, WhatIsRevokedEndsAlsoWhileTheFunctionIsFrozen) {
    put(token_of(1));
    ASSERT_EQ(outcome(presented(1)), "in");
    revoke(id_of(1));
    world.clock.freeze(std::chrono::seconds(60));
    EXPECT_EQ(outcome(presented(1)), "token_invalid");
    EXPECT_EQ(reads(), 2U);
}

TEST_F(Callers, AClockThatIsSetBackKeepsNobody) {
    put(token_of(1));
    ASSERT_EQ(outcome(presented(1)), "in");
    revoke(id_of(1));
    world.clock.freeze(-std::chrono::hours(1));
    world.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(outcome(presented(1)), "token_invalid");
}

TEST_F(Callers, OneThatIsUnknownIsNotReadAgainForAMinuteEither) {
    for (int i = 0; i < 50; ++i) EXPECT_EQ(outcome(presented(1)), "token_invalid");
    EXPECT_EQ(reads(), 1U);
    put(token_of(1));
    world.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(outcome(presented(1)), "in");
    EXPECT_EQ(reads(), 2U);
}

TEST_F(Callers, ASecretThatIsWrongCostsNoReadMore) {
    put(token_of(1));
    auto wrong = presented(1);
    wrong.hash.fill(9);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(outcome(wrong), "token_invalid");
        EXPECT_EQ(outcome(presented(1)), "in");
    }
    EXPECT_EQ(reads(), 1U);
}

TEST_F(Callers, AnEndHoldsWhileTheItemIsRemembered) {
    access::Token token = token_of(1);
    token.grant.not_after = unix_ms(world.clock.wall()) / 1000 + 10;
    put(token);
    EXPECT_EQ(outcome(presented(1)), "in");
    world.clock.advance(std::chrono::seconds(10));
    EXPECT_EQ(outcome(presented(1)), "in");
    world.clock.advance(std::chrono::milliseconds(1001));
    EXPECT_EQ(outcome(presented(1)), "token_invalid");
    EXPECT_EQ(reads(), 1U);
}

TEST_F(Callers, WhoTriesManyIdsPushesNobodyOutWhoHasRights) {
    put(token_of(1));
    ASSERT_EQ(outcome(presented(1)), "in");
    for (int i = 2; i < 3002; ++i) EXPECT_EQ(outcome(presented(i)), "token_invalid");
    const std::size_t before = reads();
    EXPECT_EQ(outcome(presented(1)), "in");
    EXPECT_EQ(outcome(presented(3001)), "token_invalid");
    EXPECT_EQ(reads(), before) << "both are still known";
    EXPECT_EQ(outcome(presented(2)), "token_invalid");
    EXPECT_EQ(reads(), before + 1) << "as many are not remembered";
}

TEST_F(Callers, AStrangerIsRememberedOnlyWhereThereIsRoom) {
    constexpr int most = ethereum_adapters::Callers::most_remembered;
    for (int i = 1; i <= most; ++i) {
        put(token_of(i));
        EXPECT_EQ(outcome(presented(i)), "in");
    }
    for (int i = 0; i < 5; ++i) EXPECT_EQ(outcome(presented(most + 1 + i)), "token_invalid");
    std::size_t before = reads();
    for (int i = 1; i <= most; ++i) EXPECT_EQ(outcome(presented(i)), "in");
    EXPECT_EQ(reads(), before) << "all who have rights are still known";
    EXPECT_EQ(outcome(presented(most + 1)), "token_invalid");
    EXPECT_EQ(reads(), ++before) << "there was no room for it";
    put(token_of(most + 10));
    EXPECT_EQ(outcome(presented(most + 10)), "in");
    EXPECT_EQ(outcome(presented(most + 10)), "in");
    EXPECT_EQ(reads(), ++before) << "for who has rights there is";
}

TEST_F(Callers, ARoleIsLetInByItsItem) {
    EXPECT_EQ(outcome(role), "not_permitted");
    put(item_json(to_item(access::Principal{role, {.ops = {"read"}, .keys = access::AllKeys{}}})));
    EXPECT_EQ(outcome(role), "not_permitted") << "which is remembered, too";
    world.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(outcome(role), "in");
    EXPECT_EQ(reads(), 2U);
}

TEST_F(Callers, WhatFailsIsNotRemembered) {
    put(token_of(1));
    is_down = true;
    EXPECT_EQ(outcome(presented(1)), "table_refused");
    is_down = false;
    EXPECT_EQ(outcome(presented(1)), "in");
    Json damaged = item_json(to_item(token_of(2)));
    damaged["ops"] = {{"S", "validator"}};
    put(damaged);
    EXPECT_EQ(outcome(presented(2)), "damaged_row");
    put(token_of(2));
    EXPECT_EQ(outcome(presented(2)), "in");
}

TEST_F(Callers, AnAnswerAboutAnotherItemIsTakenForNothing) {
    world.runner.follow([this](const http::ClientRequest&) {
        return aws_answer(200, {{"Item", item_json(to_item(token_of(1)))}}, world.clock.wall());
    });
    EXPECT_EQ(outcome(presented(2)), "table_refused");
}

TEST(AccessTable, TokensAreReadAsTheyWereWritten) {
    for (const access::KeyScope& keys : std::vector<access::KeyScope>{
             access::TheseKeys{{"0xaa", "0xbb"}}, access::TaggedKeys{{"a"}}, access::AllKeys{}}) {
        access::Token token = token_of(7);
        token.is_for_path = keys.index() == 1;
        token.grant = {.ops = {"validator", "exit"}, .keys = keys, .not_after = 5, .label = "x"};
        const Json item = item_json(to_item(token));
        const auto read = parse_token_item(item);
        ASSERT_TRUE(read) << item;
        EXPECT_EQ(item_json(to_item(*read)), item);
        EXPECT_EQ(read->hash, token.hash);
        EXPECT_EQ(read->is_for_path, token.is_for_path);
        EXPECT_EQ(read->grant.ops, token.grant.ops);
        EXPECT_EQ(read->grant.keys.index(), keys.index());
        EXPECT_FALSE(parse_principal_item(item));
    }
}

TEST(AccessTable, WhatIsNotAsItShouldBeIsNoToken) {
    const Json right = item_json(to_item(token_of(7)));
    ASSERT_TRUE(parse_token_item(right));
    const std::map<std::string, std::vector<Json>> wrong = {
        {"id", {{{"S", "token/0"}}, {{"S", "tokens/0000000000000007"}}, {{"B", "AAAA"}}, Json()}},
        {"hash", {{{"B", "AAAA"}}, {{"S", "x"}}, Json(), {{"B", std::string(44, 'A')}}}},
        {"ops", {{{"S", "validator"}}, {{"SS", Json::array()}}, {{"SS", {1}}}, Json()}},
        {"all", {{{"BOOL", false}}, {{"S", "true"}}, Json()}},
        {"keys", {{{"SS", {"0xaa"}}}}},
        {"tags", {{{"SS", {"a"}}}}},
        {"path", {{{"S", "true"}}, {{"N", "1"}}}},
        {"not_after", {{{"S", "5"}}, {{"N", "x"}}, {{"N", "1.5"}}}},
        {"label", {{{"N", "5"}}, {{"SS", {"x"}}}}}};
    for (const auto& [name, values] : wrong) {
        for (const Json& value : values) {
            Json item = right;
            if (value.is_null()) {
                item.erase(name);
            } else {
                item[name] = value;
            }
            EXPECT_FALSE(parse_token_item(item)) << item;
        }
    }
}

TEST(AccessTable, APrincipalIsNamedByItsRoleAlone) {
    const access::Principal principal{role, {.ops = {"read"}, .keys = access::TaggedKeys{{"a"}}}};
    Json item = item_json(to_item(principal));
    const auto read = parse_principal_item(item);
    ASSERT_TRUE(read);
    EXPECT_EQ(item_json(to_item(*read)), item);
    EXPECT_FALSE(parse_token_item(item));
    for (const char* id : {"principal/arn:aws:sts::111122223333:assumed-role/validators/x",
                           "principal/arn:aws:iam::111122223333:role/a/validators",
                           "principal/validators", "principal/"}) {
        item["id"] = {{"S", id}};
        EXPECT_FALSE(parse_principal_item(item)) << id;
    }
}

}  // namespace
}  // namespace redoubt::test
