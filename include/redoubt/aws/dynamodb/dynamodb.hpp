// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/aws/operation.hpp>
#include <redoubt/base/bytes.hpp>

/// Amazon DynamoDB: the two operations used, and typed attributes.
/// Source: Amazon DynamoDB API reference, UpdateItem and Query.
namespace redoubt::aws::dynamodb {

inline constexpr std::string_view condition_failed = "ConditionalCheckFailedException";

[[nodiscard]] ServiceTraits traits();

/// An attribute to send.
[[nodiscard]] ObjectText text(std::string_view value);
[[nodiscard]] ObjectText number(std::int64_t value);
[[nodiscard]] ObjectText binary(ByteView value);

/// The attribute `name` of an item, if it is there and of that type.
[[nodiscard]] const std::string* read_text(const Json& item, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> read_number(const Json& item, std::string_view name);
[[nodiscard]] std::optional<Bytes> read_binary(const Json& item, std::string_view name);

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

struct Query {
    std::string table;
    std::string condition;
    ObjectText names;
    ObjectText values;
    Json start;  // LastEvaluatedKey of the page before, or null
};
/// A strongly consistent read.
[[nodiscard]] std::string to_body(const Query& query);

}  // namespace redoubt::aws::dynamodb
