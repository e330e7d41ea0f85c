// SPDX-License-Identifier: Apache-2.0
// BatchGetItem, of DynamoDB.
#include <algorithm>

#include "aws_exception.hpp"
#include "dynamodb.hpp"
#include "item_call.hpp"

namespace redoubt::standins {

namespace {

constexpr std::size_t most_keys = 100;

const Json& keys_of(const Json& wanted) {
    const Json& keys = required(wanted, "Keys");
    if (!keys.is_array()) {
        throw AwsException{.type = "SerializationException",
                           .message = "Unexpected value type in payload"};
    }
    if (keys.empty()) {
        throw validation(
            "1 validation error detected: Value '[]' at 'requestItems' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1");
    }
    return keys;
}

void check_count(const Json& tables) {
    std::size_t count = 0;
    for (const Json& wanted : tables) count += keys_of(wanted).size();
    if (count > most_keys) throw validation("Too many items requested for the BatchGetItem call");
}

/// The items that are there, in an order that nobody is to count on: the reverse.
Json items_of(const Table& table, const Json& wanted) {
    Placeholders placeholders(wanted, "");
    const auto projection = parse_projection(wanted, placeholders);
    placeholders.refuse_unused();
    Json items = Json::array();
    std::vector<Item> seen;
    for (const Json& typed : keys_of(wanted)) {
        Item key = table.check_key(parse_item(typed));
        if (std::ranges::find(seen, key) != seen.end()) {
            throw validation("Provided list of item keys contains duplicates");
        }
        if (const auto item = table.get(key)) {
            items.insert(items.begin(), to_json(project(*item, projection)));
        }
        seen.push_back(std::move(key));
    }
    return items;
}

}  // namespace

Json DynamoDb::batch_get_item(const Json& call) const {
    const Json& tables = required(call, "RequestItems");
    if (!tables.is_object() || tables.empty()) {
        throw validation(
            "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1");
    }
    check_count(tables);
    Json found = Json::object();
    for (const auto& [name, wanted] : tables.items()) {
        found[name] = items_of(*table_of({{"TableName", name}}), wanted);
    }
    return {{"Responses", std::move(found)}, {"UnprocessedKeys", Json::object()}};
}

Json batch_get_in_part(DynamoDb& dynamodb, const Json& call, std::optional<std::int64_t> left) {
    Json cut = call;
    Json rest = call;
    auto& tables = cut.at("RequestItems").get_ref<Json::object_t&>();
    auto& keys = tables.begin()->second.at("Keys").get_ref<Json::array_t&>();
    const auto all = static_cast<std::int64_t>(keys.size());
    const std::int64_t answered = std::clamp(all - left.value_or(all - 1), std::int64_t{1}, all);
    auto& others = rest["RequestItems"].begin()->at("Keys").get_ref<Json::array_t&>();
    others.erase(others.begin(), others.begin() + answered);
    keys.erase(keys.begin() + answered, keys.end());
    Json answer = dynamodb.operate("BatchGetItem", cut);
    if (!others.empty()) answer["UnprocessedKeys"] = rest["RequestItems"];
    return answer;
}

}  // namespace redoubt::standins
