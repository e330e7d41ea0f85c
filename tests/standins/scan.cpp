// SPDX-License-Identifier: Apache-2.0
// Scan, of DynamoDB.
#include <algorithm>

#include "aws_exception.hpp"
#include "dynamodb.hpp"
#include "item_call.hpp"

namespace redoubt::standins {

namespace {

/// Nothing: as many as there are.
std::optional<std::size_t> limit_of(const Json& call) {
    const Json* limit = member(call, "Limit");
    if (limit == nullptr) return std::nullopt;
    if (!limit->is_number_integer()) {
        throw AwsException{.type = "SerializationException",
                           .message = "Unexpected value type in payload"};
    }
    if (*limit < 1) {
        throw validation("1 validation error detected: Value '" + limit->dump() +
                         "' at 'limit' failed to satisfy constraint: Member must have value "
                         "greater than or equal to 1");
    }
    return limit->get<std::size_t>();
}

}  // namespace

Json DynamoDb::scan(const Json& call) const {
    const auto table = table_of(call);
    Placeholders placeholders(call, "");
    const auto projection = parse_projection(call, placeholders);
    placeholders.refuse_unused();
    const auto limit = limit_of(call);
    std::optional<Item> after;
    if (const Json* start = member(call, "ExclusiveStartKey")) {
        after = table->check_key(parse_item(*start));
    }
    Json items = Json::array();
    Json answer = Json::object();
    bool is_past = !after;
    std::optional<Item> last;
    for (const Item& item : table->items()) {
        const Item key = table->key_of(item);
        if (!is_past) {
            is_past = key == *after;
            continue;
        }
        if (limit && items.size() == *limit) break;
        items.push_back(to_json(project(item, projection)));
        last = key;
    }
    // As DynamoDB: a page that is full has one after it, even if that is empty.
    if (limit && items.size() == *limit) answer["LastEvaluatedKey"] = to_json(*last);
    answer["Count"] = items.size();
    answer["ScannedCount"] = items.size();
    answer["Items"] = std::move(items);
    return answer;
}

}  // namespace redoubt::standins
