// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb.hpp>

#include <charconv>

#include <redoubt/base/encoding.hpp>

namespace redoubt::aws::dynamodb {
namespace {

/// The value of an attribute `{"<type>": "<value>"}`.
const std::string* read(const Json& item, std::string_view name, std::string_view type) {
    const Json* attribute = member(item, name);
    return attribute == nullptr ? nullptr : string_member(*attribute, type);
}

}  // namespace

ServiceTraits traits() {
    return {"dynamodb",
            "DynamoDB",
            "DynamoDB_20120810.",
            "application/x-amz-json-1.0",
            Code::TableUnavailable,
            Code::TableRefused};
}

Json text(std::string_view value) { return {{"S", value}}; }
Json number(std::int64_t value) { return {{"N", std::to_string(value)}}; }
Json binary(ByteView value) { return {{"B", to_base64(value)}}; }

const std::string* read_text(const Json& item, std::string_view name) {
    return read(item, name, "S");
}

std::optional<std::int64_t> read_number(const Json& item, std::string_view name) {
    const std::string* digits = read(item, name, "N");
    if (digits == nullptr) return std::nullopt;
    std::int64_t value = 0;
    const char* end = digits->data() + digits->size();
    const auto parsed = std::from_chars(digits->data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return value;
}

std::optional<Bytes> read_binary(const Json& item, std::string_view name) {
    const std::string* encoded = read(item, name, "B");
    return encoded == nullptr ? std::nullopt : from_base64(*encoded);
}

std::string to_body(Update update) {
    Json body = {{"ReturnValues", "ALL_NEW"}, {"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}};
    body["TableName"] = std::move(update.table);
    body["Key"] = std::move(update.key);
    body["ConditionExpression"] = std::move(update.condition);
    body["UpdateExpression"] = std::move(update.update);
    body["ExpressionAttributeNames"] = std::move(update.names);
    body["ExpressionAttributeValues"] = std::move(update.values);
    return dump(body);
}

std::string to_body(const Query& query) {
    Json body = {{"TableName", query.table},
                 {"KeyConditionExpression", query.condition},
                 {"ExpressionAttributeNames", query.names},
                 {"ExpressionAttributeValues", query.values},
                 {"ConsistentRead", true}};
    if (!query.start.is_null()) body["ExclusiveStartKey"] = query.start;
    return dump(body);
}

}  // namespace redoubt::aws::dynamodb
