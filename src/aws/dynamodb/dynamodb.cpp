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
ObjectText list(std::span<const ObjectText> attributes) {
    return ObjectText().add("L", attributes);
}
ObjectText map(const ObjectText& attributes) { return ObjectText().add("M", attributes); }

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

const Json::array_t* read_list(const Json& item, std::string_view name) {
    const Json* attribute = member(item, name);
    const Json* list = attribute == nullptr ? nullptr : member(*attribute, "L");
    return list == nullptr ? nullptr : list->get_ptr<const Json::array_t*>();
}

const Json* read_map(const Json& attribute) {
    const Json* map = member(attribute, "M");
    return map != nullptr && map->is_object() ? map : nullptr;
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

Put put_if_absent(std::string table, ObjectText item, std::string_view key) {
    return {.table = std::move(table),
            .item = std::move(item),
            .condition = "attribute_not_exists(#a)",
            .names = ObjectText().add("#a", key),
            .values = {}};
}

Put put_if_unchanged(std::string table, ObjectText item, std::string_view attribute,
                     const ObjectText& was) {
    return {.table = std::move(table),
            .item = std::move(item),
            .condition = "#a = :was",
            .names = ObjectText().add("#a", attribute),
            .values = ObjectText().add(":was", was)};
}

std::string to_body(const Put& put) {
    ObjectText body;
    body.add("TableName", put.table)
        .add("Item", put.item)
        .add("ConditionExpression", put.condition)
        .add("ExpressionAttributeNames", put.names);
    // DynamoDB refuses one without any.
    if (!put.values.empty()) body.add("ExpressionAttributeValues", put.values);
    return body.add("ReturnValues", "ALL_OLD")
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
