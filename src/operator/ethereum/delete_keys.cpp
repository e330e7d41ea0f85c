// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/operator/ethereum/commands.hpp>

#include "fields.hpp"
#include "interchange.hpp"
#include "rows.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

using ethereum_adapters::Validator;

/// Under the condition that nobody has switched it on again, nor let it sign in between: what was
/// answered as the last that it signed has to stay the last. And that it is still this secret: one
/// that is brought in later stays, also if this write comes later still.
RowChange without_secret(const Validator& answered) {
    return {.update = " REMOVE #sealed, #wrap",
            .condition =
                "#on = :off AND #src = :src AND #tgt = :tgt AND #slot = :slot AND "
                "(attribute_not_exists(#sealed) OR #sealed = :sealed)",
            .names = {"sealed", "wrap", "on", "src", "tgt", "slot"},
            .values = ObjectText()
                          .add(":off", aws::dynamodb::flag(false))
                          .add(":src", aws::dynamodb::natural(answered.source.value()))
                          .add(":tgt", aws::dynamodb::natural(answered.target.value()))
                          .add(":slot", aws::dynamodb::natural(answered.slot.value()))
                          .add(":sealed", aws::dynamodb::binary(answered.sealed->bytes)),
            .refused = {Code::BadRequest,
                        "this key was switched on, signed or got another secret meanwhile, so its "
                        "secret was left: ask again",
                        {}}};
}

std::vector<Validator> validators_of(const std::vector<RowOutcome>& rows) {
    std::vector<Validator> out;
    for (const RowOutcome& row : rows) out.push_back(row.validator);
    return out;
}

operators::CommandResult run_delete_keys(const Context& context, const Json& fields,
                                         SteadyTime deadline) {
    const auto keys = read_keys(fields);
    if (!keys) return operators::failed(keys.error());
    const auto before = read_validators(context, *keys, Tables::Ours, deadline);
    if (!before) return operators::failed(before.error());
    // Written also if it is off already: the answer is the table's word on what was signed.
    const auto off = change_moving_rows(
        context, *before, [](const Validator&) { return std::optional(switched_off()); }, deadline);
    if (std::ranges::any_of(off, [](const RowOutcome& row) { return row.error.has_value(); })) {
        return to_result(off);
    }
    const auto is_off = validators_of(off);
    auto rows = change_rows(
        context, is_off,
        [](const Validator& validator) -> std::optional<RowChange> {
            if (!validator.sealed) return std::nullopt;
            return without_secret(validator);
        },
        deadline);
    for (RowOutcome& row : rows) {
        if (row.outcome == "set") row.outcome = "deleted";
    }
    operators::CommandResult result = to_result(rows);
    result.members["data"] = interchange_of(context, is_off);
    return result;
}

}  // namespace

operators::Command delete_keys(const Context& context) {
    return operators::bound("delete_keys", {"keys"}, context, run_delete_keys);
}

}  // namespace redoubt::ethereum_operator
