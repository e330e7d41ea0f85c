// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

/// Writes on validators that are there: each one conditional update, which decides by itself.
namespace redoubt::ethereum_operator {

/// An epoch, or null.
[[nodiscard]] Json or_null(const std::optional<ethereum::Epoch>& epoch);

/// Which rows a change is for: all that meet its condition; or of these those in which no operator
/// has set anything since they were read, so that a write that comes late, or once more, undoes no
/// later one. (That a signer moves watermarks meanwhile holds up nobody who switches its key off.)
enum class Rows : std::uint8_t { Any, AsSet };

/// What is to become of one validator's item.
struct RowChange {
    std::string update;     // UpdateExpression without its SET: `, #on = :on REMOVE #shard`
    std::string condition;  // besides that there is an item; may be empty
    std::vector<std::string> names = {};  // of attributes, each as `#name`
    ObjectText values = {};
    Error refused = {};  // if the condition refuses an item that is there
    Rows rows = Rows::Any;
    bool is_so = false;  // it says what is there, and is written to be the last word
    /// It lets a key sign less, never more: so it may follow whatever others have set meanwhile.
    /// All else would bring back what somebody has just taken away, and ends there.
    bool only_quietens = false;
};

/// Extends an update so that it is applied only if no operator has set anything since the row was
/// read, with `before` as its `set`, or if an earlier try of this very update was applied.
void demand_as_set(aws::dynamodb::Update& update, const std::optional<Bytes>& before);

/// That it signs no more.
[[nodiscard]] RowChange switched_off();

/// What became of it.
struct RowOutcome {
    std::string outcome;                     // "set", "unchanged"; or the code of `error`
    ethereum_adapters::Validator validator;  // as it is now; of one that failed, as it was read
    std::optional<Error> error = {};
    bool has_moved = false;  // so that it was refused: another look may find a way
};

/// `before`: as they were read. Those that `change` has nothing for are `unchanged`. All others
/// side by side.
using MakeChange = std::function<std::optional<RowChange>(const ethereum_adapters::Validator&)>;
[[nodiscard]] std::vector<RowOutcome> change_rows(
    const Context& context, const std::vector<ethereum_adapters::Validator>& before,
    const MakeChange& change, SteadyTime deadline);
/// The same, and rows that moved meanwhile are looked at again.
[[nodiscard]] std::vector<RowOutcome> change_moving_rows(
    const Context& context, const std::vector<ethereum_adapters::Validator>& before,
    const MakeChange& change, SteadyTime deadline);

/// `{keys: [...]}`, with the first error, if any failed.
[[nodiscard]] operators::CommandResult to_result(const std::vector<RowOutcome>& rows);

}  // namespace redoubt::ethereum_operator
