// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/dynamodb.hpp>

#include <algorithm>
#include <charconv>

#include <redoubt/base/encoding.hpp>

namespace redoubt::aws::dynamodb {
namespace {

/// The value of an attribute `{"<type>": "<value>"}`.
const std::string* read(const Json& item, std::string_view name, std::string_view type) {
    const Json* attribute = member(item, name);
    return attribute == nullptr ? nullptr : string_member(*attribute, type);
}

template <class Number>
std::optional<Number> read_whole(const Json& item, std::string_view name) {
    const std::string* digits = read(item, name, "N");
    if (digits == nullptr) return std::nullopt;
    Number value = 0;
    const char* end = digits->data() + digits->size();
    const auto parsed = std::from_chars(digits->data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return value;
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
ObjectText natural(std::uint64_t value) { return ObjectText().add("N", std::to_string(value)); }
ObjectText binary(ByteView value) { return ObjectText().add("B", to_base64(value)); }
ObjectText flag(bool value) { return ObjectText().add_json("BOOL", value); }
ObjectText text_set(const std::set<std::string>& texts) {
    return ObjectText().add_json("SS", texts);
}
ObjectText list(std::span<const ObjectText> attributes) {
    return ObjectText().add("L", attributes);
}
ObjectText map(const ObjectText& attributes) { return ObjectText().add("M", attributes); }

const std::string* read_text(const Json& item, std::string_view name) {
    return read(item, name, "S");
}

std::optional<std::int64_t> read_number(const Json& item, std::string_view name) {
    return read_whole<std::int64_t>(item, name);
}

std::optional<std::uint64_t> read_natural(const Json& item, std::string_view name) {
    return read_whole<std::uint64_t>(item, name);
}

std::optional<Bytes> read_binary(const Json& item, std::string_view name) {
    const std::string* encoded = read(item, name, "B");
    return encoded == nullptr ? std::nullopt : from_base64(*encoded);
}

std::optional<bool> read_flag(const Json& item, std::string_view name) {
    const Json* attribute = member(item, name);
    const Json* value = attribute == nullptr ? nullptr : member(*attribute, "BOOL");
    if (value == nullptr || !value->is_boolean()) return std::nullopt;
    return value->get<bool>();
}

std::optional<std::set<std::string>> read_text_set(const Json& item, std::string_view name) {
    const Json* attribute = member(item, name);
    const Json* list = attribute == nullptr ? nullptr : member(*attribute, "SS");
    if (list == nullptr || !list->is_array()) return std::nullopt;
    std::set<std::string> texts;
    for (const Json& entry : *list) {
        const auto* text = entry.get_ptr<const std::string*>();
        if (text == nullptr) return std::nullopt;
        texts.insert(*text);
    }
    return texts;
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

ObjectText to_attributes(const ItemKey& key) {
    ObjectText attributes;
    for (const auto& [name, value] : key) attributes.add(name, text(value));
    return attributes;
}

bool has_key(const Json& item, const ItemKey& key) {
    return std::ranges::all_of(key, [&item](const auto& part) {
        const std::string* value = read_text(item, part.first);
        return value != nullptr && *value == part.second;
    });
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
        .add_json("ConsistentRead", query.index.empty());
    if (!query.index.empty()) body.add("IndexName", query.index);
    if (!query.start.is_null()) body.add_json("ExclusiveStartKey", query.start);
    return body.text();
}

std::string to_body(const Scan& scan) {
    ObjectText body;
    body.add("TableName", scan.table)
        .add_json("Segment", scan.segment)
        .add_json("TotalSegments", scan.segments)
        .add_json("Limit", scan.limit)
        .add("FilterExpression", scan.filter)
        .add("ProjectionExpression", scan.projection)
        .add("ExpressionAttributeNames", scan.names)
        .add("ExpressionAttributeValues", scan.values)
        .add_json("ConsistentRead", true);
    if (!scan.start.is_null()) body.add_json("ExclusiveStartKey", scan.start);
    return body.text();
}

}  // namespace redoubt::aws::dynamodb
