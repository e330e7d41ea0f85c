// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/dynamodb.hpp>

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

ObjectText text(std::string_view value) { return ObjectText().add("S", value); }
ObjectText number(std::int64_t value) { return ObjectText().add("N", std::to_string(value)); }
ObjectText binary(ByteView value) { return ObjectText().add("B", to_base64(value)); }

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

std::string to_body(const Update& update) {
    return ObjectText()
        .add("TableName", update.table)
        .add("Key", update.key)
        .add("ConditionExpression", update.condition)
        .add("UpdateExpression", update.update)
        .add("ExpressionAttributeNames", update.names)
        .add("ExpressionAttributeValues", update.values)
        .add("ReturnValues", "ALL_NEW")
        .add("ReturnValuesOnConditionCheckFailure", "ALL_OLD")
        .text();
}

std::string to_body(const Query& query) {
    ObjectText body;
    body.add("TableName", query.table)
        .add("KeyConditionExpression", query.condition)
        .add("ExpressionAttributeNames", query.names)
        .add("ExpressionAttributeValues", query.values)
        .add_json("ConsistentRead", true);
    if (!query.start.is_null()) body.add_json("ExclusiveStartKey", query.start);
    return body.text();
}

}  // namespace redoubt::aws::dynamodb
