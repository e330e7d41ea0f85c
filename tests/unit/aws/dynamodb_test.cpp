// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/dynamodb.hpp>

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
