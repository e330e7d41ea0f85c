// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/aws/dynamodb/write_reply.hpp>

#include <gtest/gtest.h>

#include <limits>

#include <fakes/table.hpp>

namespace redoubt::test {
namespace {

namespace dynamodb = aws::dynamodb;

TEST(Attributes, GoThereAndBack) {
    const Json item = {{"t", dynamodb::text("words")},
                       {"n", dynamodb::number(-12)},
                       {"b", dynamodb::binary(Bytes{0x00, 0xff})}};
    EXPECT_EQ(item, (Json{{"t", {{"S", "words"}}}, {"n", {{"N", "-12"}}}, {"b", {{"B", "AP8="}}}}));
    EXPECT_EQ(*dynamodb::read_text(item, "t"), "words");
    EXPECT_EQ(dynamodb::read_number(item, "n"), -12);
    EXPECT_EQ(dynamodb::read_binary(item, "b"), (Bytes{0x00, 0xff}));
}

TEST(Attributes, OfAnotherTypeAreNotRead) {
    const Json item = {{"t", dynamodb::text("12")},
                       {"n", dynamodb::number(12)},
                       {"b", dynamodb::binary(Bytes{0x01})},
                       {"null", {{"NULL", true}}},
                       {"bare", "12"},
                       {"number in number", {{"N", 12}}}};
    for (const std::string name : {"n", "b", "null", "bare", "absent"}) {
        EXPECT_EQ(dynamodb::read_text(item, name), nullptr) << name;
    }
    for (const std::string name : {"t", "b", "null", "bare", "absent", "number in number"}) {
        EXPECT_EQ(dynamodb::read_number(item, name), std::nullopt) << name;
    }
    for (const std::string name : {"t", "n", "null", "bare", "absent"}) {
        EXPECT_EQ(dynamodb::read_binary(item, name), std::nullopt) << name;
    }
    EXPECT_EQ(dynamodb::read_number(Json(), "n"), std::nullopt);
}

TEST(Numbers, AreWholeAndFit) {
    const auto read = [](const std::string& digits) {
        return dynamodb::read_number({{"n", {{"N", digits}}}}, "n");
    };
    EXPECT_EQ(read("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(read("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    for (const std::string digits :
         {"", "9223372036854775808", "1e3", "1.0", "0x1", " 1", "1 ", "+1", "--1", "one", "1E+2"}) {
        EXPECT_EQ(read(digits), std::nullopt) << digits;
    }
}

TEST(Numbers, ThatAreNotNegativeAreOf64Bits) {
    const auto read = [](const std::string& digits) {
        return dynamodb::read_natural({{"n", {{"N", digits}}}}, "n");
    };
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::uint64_t{1} << 63U, ~std::uint64_t{0}}) {
        EXPECT_EQ(read(std::to_string(number)), number);
        EXPECT_EQ(Json::parse(dynamodb::natural(number).text()).at("N"), std::to_string(number));
    }
    for (const std::string digits : {"-1", "-0", "+1", "18446744073709551616", "1e3", ""}) {
        EXPECT_EQ(read(digits), std::nullopt) << digits;
    }
}

TEST(Update, AnswersTheRowEitherWay) {
    const dynamodb::Update update{
        "table", ObjectText().add("k", "1"),  "condition",
        "SET x", ObjectText().add("#a", "a"), ObjectText().add(":b", dynamodb::number(2))};
    EXPECT_EQ(parse_json(to_body(update)),
              (Json{{"TableName", "table"},
                    {"Key", {{"k", "1"}}},
                    {"ConditionExpression", "condition"},
                    {"UpdateExpression", "SET x"},
                    {"ExpressionAttributeNames", {{"#a", "a"}}},
                    {"ExpressionAttributeValues", {{":b", {{"N", "2"}}}}},
                    {"ReturnValues", "ALL_NEW"},
                    {"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}}));
}

TEST(Attributes, HoldOthers) {
    const std::vector<ObjectText> shares = {
        dynamodb::map(ObjectText()
                          .add("key", dynamodb::text("arn"))
                          .add("x", dynamodb::number(1))
                          .add("share", dynamodb::binary(Bytes{0x00}))),
        dynamodb::map(ObjectText().add("key", dynamodb::text("other")))};
    const Json item = parse_json(ObjectText()
                                     .add("shares", dynamodb::list(shares))
                                     .add("none", dynamodb::list({}))
                                     .text())
                          .value();
    EXPECT_EQ(
        item,
        (Json{
            {"none", {{"L", Json::array()}}},
            {"shares",
             {{"L",
               {{{"M", {{"key", {{"S", "arn"}}}, {"x", {{"N", "1"}}}, {"share", {{"B", "AA=="}}}}}},
                {{"M", {{"key", {{"S", "other"}}}}}}}}}}}));
    const auto* const list = dynamodb::read_list(item, "shares");
    ASSERT_NE(list, nullptr);
    ASSERT_EQ(list->size(), 2U);
    const Json* const first = dynamodb::read_map(list->front());
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(*dynamodb::read_text(*first, "key"), "arn");
    EXPECT_EQ(dynamodb::read_number(*first, "x"), 1);
    EXPECT_EQ(dynamodb::read_binary(*first, "share"), Bytes{0x00});
}

TEST(Attributes, ThatHoldNoneAreNotReadAsIfTheyDid) {
    const Json item = {{"t", dynamodb::text("12")},
                       {"l", {{"L", Json::object()}}},
                       {"m", {{"M", Json::array()}}},
                       {"bare", Json::array()}};
    for (const std::string name : {"t", "l", "m", "bare", "absent"}) {
        EXPECT_EQ(dynamodb::read_list(item, name), nullptr) << name;
    }
    for (const Json& attribute : {Json(), Json::object(), item["t"], item["l"], item["m"]}) {
        EXPECT_EQ(dynamodb::read_map(attribute), nullptr) << attribute;
    }
}

TEST(Put, CreatesOrReplacesUnderItsCondition) {
    const auto created = dynamodb::put_if_absent("table", ObjectText().add("k", "1"), "k");
    const Json shared = {{"TableName", "table"},
                         {"Item", {{"k", "1"}}},
                         {"ReturnValues", "ALL_OLD"},
                         {"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}};
    Json expected = shared;
    expected["ConditionExpression"] = "attribute_not_exists(#a)";
    expected["ExpressionAttributeNames"] = {{"#a", "k"}};
    EXPECT_EQ(parse_json(to_body(created)), expected);
    const auto replaced = dynamodb::put_if_unchanged("table", ObjectText().add("k", "1"), "sealed",
                                                     dynamodb::binary(Bytes{0x00}));
    expected["ConditionExpression"] = "#a = :was";
    expected["ExpressionAttributeNames"] = {{"#a", "sealed"}};
    expected["ExpressionAttributeValues"] = {{":was", {{"B", "AA=="}}}};
    EXPECT_EQ(parse_json(to_body(replaced)), expected);
}

/// The verdict on a reply to a Put, in words.
std::string judged(const aws::Reply& reply, dynamodb::Replaces replaces) {
    const auto is_row = [](const Json& item) { return item.value("k", "") == "1"; };
    const auto parse_row = [](const Json& item) -> std::optional<int> {
        const auto value = dynamodb::read_number(item, "v");
        return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    };
    const auto result = dynamodb::judge_put(reply, replaces, is_row, parse_row);
    if (!result) return std::string(name(result.error().code));
    return std::string(result->is_applied ? "applied" : "refused") +
           (result->row ? " " + std::to_string(*result->row) : "");
}

TEST(Put, IsJudgedByWhatItFound) {
    using dynamodb::Replaces;
    const std::string refused(dynamodb::condition_failed);
    const Json row = {{"k", "1"}, {"v", dynamodb::number(5)}};
    const Json other = {{"k", "2"}, {"v", dynamodb::number(5)}};
    const Json damaged = {{"k", "1"}};
    const auto reply = [](std::string error, Json body) {
        return aws::Reply{std::move(error), std::move(body), {}};
    };
    for (const Replaces what : {Replaces::Nothing, Replaces::AnItem}) {
        EXPECT_EQ(judged(reply(refused, {{"Item", row}}), what), "refused 5");
        EXPECT_EQ(judged(reply(refused, {{"Item", other}}), what), "table_refused");
        EXPECT_EQ(judged(reply(refused, {{"Item", damaged}}), what), "damaged_row");
        EXPECT_EQ(judged(reply(refused, Json::object()), what), "refused");
    }
    EXPECT_EQ(judged(reply("", Json::object()), Replaces::Nothing), "applied");
    EXPECT_EQ(judged(reply("", {{"Attributes", row}}), Replaces::Nothing), "table_refused");
    EXPECT_EQ(judged(reply("", {{"Attributes", row}}), Replaces::AnItem), "applied 5");
    EXPECT_EQ(judged(reply("", {{"Attributes", other}}), Replaces::AnItem), "table_refused");
    EXPECT_EQ(judged(reply("", Json::object()), Replaces::AnItem), "table_refused");
}

TEST(Query, IsStronglyConsistentAndGoesOnWhereItStopped) {
    dynamodb::Query query{"table", "condition", ObjectText().add("#a", "a"),
                          ObjectText().add(":b", dynamodb::number(2)), Json()};
    const Json first = parse_json(to_body(query)).value();
    EXPECT_EQ(first["KeyConditionExpression"], "condition");
    EXPECT_EQ(first["ExpressionAttributeNames"], (Json{{"#a", "a"}}));
    EXPECT_EQ(first["ExpressionAttributeValues"], (Json{{":b", {{"N", "2"}}}}));
    EXPECT_EQ(first["ConsistentRead"], true);
    EXPECT_FALSE(first.contains("ExclusiveStartKey"));
    query.start = {{"k", 1}};
    EXPECT_EQ(parse_json(to_body(query)).value()["ExclusiveStartKey"], (Json{{"k", 1}}));
}

}  // namespace
}  // namespace redoubt::test
