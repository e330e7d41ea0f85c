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

/// The part of the table that a parallel scan asks for.
struct Segment {
    std::size_t number = 0;
    std::size_t of = 1;

    /// As good a rule as any: which items are in one is for nobody to count on.
    [[nodiscard]] bool has(const Item& key) const {
        return std::hash<std::string>()(key.begin()->second.text) % of == number;
    }
};

Segment segment_of(const Json& call) {
    const Segment segment{call.value("Segment", std::size_t{0}),
                          call.value("TotalSegments", std::size_t{1})};
    if (call.contains("Segment") != call.contains("TotalSegments")) {
        throw validation(
            "The Segment and TotalSegments parameters must be present in the request together");
    }
    if (segment.number >= segment.of) {
        throw validation(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments");
    }
    return segment;
}

}  // namespace

Json DynamoDb::scan(const Json& call) const {
    const auto table = table_of(call);
    Placeholders placeholders(call, "");
    const auto projection = parse_projection(call, placeholders);
    std::optional<Condition> filter;
    if (const Json* text = member(call, "FilterExpression")) {
        filter.emplace(text_of_field(*text, "FilterExpression"), "FilterExpression", placeholders);
    }
    placeholders.refuse_unused();
    const Segment segment = segment_of(call);
    const auto limit = limit_of(call);
    std::optional<Item> after;
    if (const Json* start = member(call, "ExclusiveStartKey")) {
        after = table->check_key(parse_item(*start));
    }
    Json items = Json::array();
    Json answer = Json::object();
    std::optional<Item> last;
    std::size_t scanned = 0;
    table->look_through(after, [&](const Item& key, const Item& item) {
        if (!segment.has(key)) return true;
        if (limit && scanned == *limit) return false;
        ++scanned;
        if (!filter || filter->holds(item)) items.push_back(to_json(project(item, projection)));
        last = key;
        return true;
    });
    // As DynamoDB: a page that is full has one after it, even if that is empty.
    if (limit && scanned == *limit) answer["LastEvaluatedKey"] = to_json(*last);
    answer["Count"] = items.size();
    answer["ScannedCount"] = scanned;
    answer["Items"] = std::move(items);
    return answer;
}

}  // namespace redoubt::standins
