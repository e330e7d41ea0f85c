// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The writes of a command, each row on its own.
namespace redoubt::tezos_operator {

/// What became of one row that a command was to write.
struct RowOutcome {
    std::string outcome;  // "armed", "raised", "unchanged"; or the code of `error`
    std::optional<tezos::Row> row = {};
    std::optional<Error> error = {};

    [[nodiscard]] static RowOutcome failed(Error error, std::optional<tezos::Row> row = {});
};

/// How a command writes its rows.
struct RowWrite {
    std::function<aws::dynamodb::Update(const tezos::WatermarkId&, WallTime now)> make_update;
    std::string outcome;  // of a row that was written
    /// Of the row that refused; nothing if there was no row.
    std::function<RowOutcome(const tezos::WatermarkId&, const std::optional<tezos::Row>&)>
        judge_refusal;
};

/// Writes all rows side by side. `{rows: [...]}`, with the first error, if any failed.
[[nodiscard]] operators::CommandResult write_rows(const std::vector<tezos::WatermarkId>& ids,
                                                  const Context& context, const RowWrite& write,
                                                  SteadyTime deadline);

}  // namespace redoubt::tezos_operator
