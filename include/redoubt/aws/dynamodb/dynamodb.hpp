// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <redoubt/aws/operation.hpp>
#include <redoubt/base/bytes.hpp>

/// Amazon DynamoDB: the operations used, and typed attributes; batch_get.hpp has one more.
/// Source: Amazon DynamoDB API reference, UpdateItem, PutItem and Query.
namespace redoubt::aws::dynamodb {

inline constexpr std::string_view condition_failed = "ConditionalCheckFailedException";

[[nodiscard]] ServiceTraits traits();

/// An attribute to send.
[[nodiscard]] ObjectText text(std::string_view value);
[[nodiscard]] ObjectText number(std::int64_t value);
/// One that is not negative. A number of DynamoDB has 38 digits.
[[nodiscard]] ObjectText natural(std::uint64_t value);
[[nodiscard]] ObjectText binary(ByteView value);
[[nodiscard]] ObjectText flag(bool value);
/// None twice, and at least one: DynamoDB has no empty set.
[[nodiscard]] ObjectText text_set(const std::set<std::string>& texts);
[[nodiscard]] ObjectText list(std::span<const ObjectText> attributes);
[[nodiscard]] ObjectText map(const ObjectText& attributes);

/// The attribute `name` of an item, if it is there and of that type.
[[nodiscard]] const std::string* read_text(const Json& item, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> read_number(const Json& item, std::string_view name);
[[nodiscard]] std::optional<std::uint64_t> read_natural(const Json& item, std::string_view name);
[[nodiscard]] std::optional<Bytes> read_binary(const Json& item, std::string_view name);
[[nodiscard]] std::optional<bool> read_flag(const Json& item, std::string_view name);
[[nodiscard]] std::optional<std::set<std::string>> read_text_set(const Json& item,
                                                                 std::string_view name);
[[nodiscard]] const Json::array_t* read_list(const Json& item, std::string_view name);
/// The attributes in an attribute that is a map; null if it is none.
[[nodiscard]] const Json* read_map(const Json& attribute);

/// What names an item: its key attributes, which are texts.
using ItemKey = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] ObjectText to_attributes(const ItemKey& key);
/// Whether an item is the one of that name.
[[nodiscard]] bool has_key(const Json& item, const ItemKey& key);

/// An UpdateItem that answers the whole row: as it is afterwards, or as it was when the condition
/// refused (then in `Item` of a ConditionalCheckFailedException, if there is a row).
struct Update {
    std::string table;
    ObjectText key;         // attributes
    std::string condition;  // ConditionExpression
    std::string update;     // UpdateExpression
    ObjectText names;       // `#alias` → attribute's name
    ObjectText values;      // `:name` → attribute
};
[[nodiscard]] std::string to_body(const Update& update);

/// A PutItem that answers the item of that key as it was before, if there was one; also when the
/// condition refused (then in `Item` of a ConditionalCheckFailedException). Whoever repeats one
/// whose answer was lost may be refused by the very item that was put.
struct Put {
    std::string table;
    ObjectText item;        // attributes, those of the key among them
    std::string condition;  // ConditionExpression
    ObjectText names;       // `#alias` → attribute's name
    ObjectText values;      // `:name` → attribute
};
/// Creates the item; refused if there is one. `key` is any of the key's attributes.
[[nodiscard]] Put put_if_absent(std::string table, ObjectText item, std::string_view key);
/// Replaces the item; refused if there is none, or if its `attribute` is not `was` any more.
[[nodiscard]] Put put_if_unchanged(std::string table, ObjectText item, std::string_view attribute,
                                   const ObjectText& was);
[[nodiscard]] std::string to_body(const Put& put);

struct Query {
    std::string table;
    std::string condition;
    ObjectText names;
    ObjectText values;
    Json start;              // LastEvaluatedKey of the page before, or null
    std::string index = {};  // empty: the table itself
};
/// A strongly consistent read; of an index, which has none, an eventually consistent one.
[[nodiscard]] std::string to_body(const Query& query);

/// A part of the table, as DynamoDB cuts it, of so many that are read side by side.
struct Scan {
    std::string table;
    unsigned segment = 0;
    unsigned segments = 1;
    unsigned limit = 0;      // items looked at, filtered out ones included
    std::string filter;      // FilterExpression
    std::string projection;  // ProjectionExpression
    ObjectText names;
    ObjectText values;
    Json start;  // LastEvaluatedKey of the page before, or null
};
/// A strongly consistent read.
[[nodiscard]] std::string to_body(const Scan& scan);

}  // namespace redoubt::aws::dynamodb
