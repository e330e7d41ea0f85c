// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <redoubt/base/json.hpp>

#include "table.hpp"
#include "table_settings.hpp"

namespace redoubt::standins {

/// The part of DynamoDB that a table of watermarks needs, held to Amazon's own by the contract
/// suite: CreateTable, DescribeTable, UpdateTable, GetItem, BatchGetItem, PutItem, UpdateItem,
/// DeleteItem, TransactWriteItems, Query, Scan, and what TableSettings does.
class DynamoDb {
public:
    /// Throws AwsException. From any thread.
    [[nodiscard]] Json operate(std::string_view operation, const Json& call);

    /// For those who look behind the service. Null if there is no such table.
    [[nodiscard]] std::shared_ptr<Table> table(std::string_view name) const;

private:
    Json create_table(const Json& call);
    Json describe_table(const Json& call) const;
    Json update_table(const Json& call);
    /// That of TableName or, of a policy, of ResourceArn.
    [[nodiscard]] Json set_or_tell(std::string_view operation, const Json& call);
    Json get_item(const Json& call) const;
    Json batch_get_item(const Json& call) const;
    Json put_item(const Json& call);
    Json update_item(const Json& call);
    Json delete_item(const Json& call);
    Json transact_write_items(const Json& call);
    Json query(const Json& call) const;
    Json scan(const Json& call) const;
    [[nodiscard]] std::shared_ptr<Table> table_of(const Json& call) const;

    /// What the items of a global secondary index hold besides the table's key.
    struct Index {
        KeyAttribute partition;
        std::set<std::string> projected;
    };
    void add_indexes(const Json& call);
    /// The one that a call names; null if it names none.
    [[nodiscard]] const Index* index_of(const Json& call, const Table& table) const;

    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Table>, std::less<>> tables_;
    TableSettings settings_;
    std::mutex transactions_;
    std::map<std::string, Json> done_;  // transactions, by ClientRequestToken
    std::map<std::pair<std::string, std::string>, Index> indexes_;  // by table and name
};

/// A BatchGetItem on one table that leaves so many keys unprocessed, or all but one, as DynamoDB
/// may.
[[nodiscard]] Json batch_get_in_part(DynamoDb& dynamodb, const Json& call,
                                     std::optional<std::int64_t> left);

/// Creates an empty table of validators.
void create_validators(DynamoDb& dynamodb, const std::string& name);
/// Creates an empty table of watermarks.
void create_watermarks(DynamoDb& dynamodb, const std::string& name);
/// As a deployment leaves it: protected, recoverable, and writable for its roles only.
void protect_watermarks(DynamoDb& dynamodb, const std::string& name);

}  // namespace redoubt::standins
