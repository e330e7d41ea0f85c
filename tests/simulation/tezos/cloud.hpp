// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>

#include <simulation/engine/flight.hpp>
#include <standins/dynamodb.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation::tezos {

/// Each of a signer of its own; a key may be handed over from one to another.
inline constexpr std::array table_names = {"watermarks", "watermarks-2"};
inline constexpr const char* table_name = table_names.front();

/// KMS and the tables as a call meets them, without network or time. The tables are the stand-in
/// that the contract suite holds to Amazon's own, so the words of the conditions are what is
/// executed.
class Cloud {
public:
    explicit Cloud(Fixtures& fixtures);

    /// What the table does with an UpdateItem, and answers at that time.
    [[nodiscard]] Reply update(const Json& body, WallTime now);
    /// What it answers to a Query or a BatchGetItem.
    [[nodiscard]] Reply read(const std::string& operation, const Json& body, WallTime now);
    /// What KMS answers to a Sign.
    [[nodiscard]] Reply sign(const Json& body, WallTime now, unsigned variant) const;

    /// A row as it stands; nothing if there is none.
    [[nodiscard]] std::optional<Json> item(const RowName& name);
    void put(std::size_t table, const Json& item);

    /// After each write that was applied: the row's name as the oracle knows it, and the row.
    std::function<void(const RowName& name, const Json& item, bool by_operator)> wrote;

private:
    Fixtures& fixtures_;
    standins::DynamoDb tables_;
};

/// A row's key, chain and kind, as RowName has them.
[[nodiscard]] std::string scope_of(const Json& item);
/// A row as the oracle sees it; nothing if it is damaged.
[[nodiscard]] std::optional<Row> row_of(const Json& item);

}  // namespace redoubt::simulation::tezos
