// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <simulation/engine/flight.hpp>
#include <standins/dynamodb.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation::tezos {

inline constexpr const char* table_name = "watermarks";

/// KMS and a table as a call meets them, without network or time. The table is the stand-in that
/// the contract suite holds to Amazon's own, so the words of the conditions are what is executed.
class Cloud {
public:
    explicit Cloud(Fixtures& fixtures);

    /// What the table does with an UpdateItem, and answers at that time.
    [[nodiscard]] Reply update(const Json& body, WallTime now);
    /// What KMS answers to a Sign.
    [[nodiscard]] Reply sign(const Json& body, WallTime now, unsigned variant) const;

    /// A row as it stands; nothing if there is none.
    [[nodiscard]] std::optional<Json> item(const std::string& scope);
    void put(const Json& item);

    /// After each write that was applied: the row's name as the oracle knows it, and the row.
    std::function<void(const std::string& scope, const Json& item, bool by_operator)> wrote;

private:
    Fixtures& fixtures_;
    standins::DynamoDb table_;
};

/// A row as the oracle sees it; nothing if it is damaged.
[[nodiscard]] std::optional<Row> row_of(const Json& item);

}  // namespace redoubt::simulation::tezos
