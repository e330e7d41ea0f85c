// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The writes of a command, each row on its own: one conditional update, which decides by itself.
/// What was read before it is only shown, and tells in a dry run what the update would do.
namespace redoubt::tezos_operator {

/// What becomes of one row that a command is to write.
struct RowOutcome {
    std::string outcome;  // "armed", "raised", "unchanged", ...; or the code of `error`
    std::optional<tezos::Row> row = {};  // as it stands afterwards; nothing: there is none
    std::optional<Error> error = {};

    [[nodiscard]] static RowOutcome failed(Error error, std::optional<tezos::Row> row = {});
};

/// One row's write.
struct RowWrite {
    tezos::WatermarkId id;
    std::function<aws::dynamodb::Update(WallTime now)> make_update;
    std::string outcome;  // of a row that was written
    /// The rule of the update's condition: what it makes of that row (nothing: there is none), with
    /// `outcome` and the row as written if it holds. Judges a refusal, and a dry run.
    std::function<RowOutcome(const std::optional<tezos::Row>& row, WallTime now)> judge;
    /// Whether it goes by what parse_damaged_row reads, and so may mend a damaged row.
    bool may_mend = false;
};

/// A row as it was found.
struct FoundRow {
    tezos::WatermarkId id;
    Json item;                      // null: there is none
    std::optional<tezos::Row> row;  // nothing, too, if the item is damaged
    [[nodiscard]] bool is_damaged() const { return !item.is_null() && !row; }
};
/// The rows of these scopes, in their order, by one consistent read a key. Errors: those of the
/// table.
[[nodiscard]] Result<std::vector<FoundRow>> find_rows(const std::vector<tezos::WatermarkId>& ids,
                                                      const Context& context, SteadyTime deadline);

/// Writes all rows side by side, or in a dry run none. `before`: the row of each write, in their
/// order. `{rows: [...]}`, with the first error, if any failed, and `dry_run: true` if it was one.
/// Each row has its `outcome`, `msg` if it failed, and `before` and `after` (null: no row, or it is
/// not known).
[[nodiscard]] operators::CommandResult write_rows(const std::vector<RowWrite>& writes,
                                                  const std::vector<FoundRow>& before,
                                                  const Context& context, bool is_dry_run,
                                                  SteadyTime deadline);

/// The same where each row's write depends on nothing but its scope.
[[nodiscard]] operators::CommandResult write_rows(
    const std::vector<tezos::WatermarkId>& ids, const Context& context, bool is_dry_run,
    SteadyTime deadline, const std::function<RowWrite(const tezos::WatermarkId&)>& make_write);

/// For an answer that went well: that a row of it has no level left to sign.
[[nodiscard]] std::optional<std::string> note_of_ended(const Json& rows);

}  // namespace redoubt::tezos_operator
