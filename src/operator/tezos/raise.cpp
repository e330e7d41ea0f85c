// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>

#include "fields.hpp"
#include "row_writes.hpp"

namespace redoubt::tezos_operator {
namespace {

RowOutcome judge_unraised(const tezos::SigningPosition& position,
                          const std::optional<tezos::Row>& row) {
    if (!row) return RowOutcome::failed(not_armed(position));
    if (row->at >= position.at) return {"unchanged", row};
    return RowOutcome::failed(
        {Code::TooFarAhead,
         to_text(position.at) +
             " is further ahead than one level a second allows since the row's pace was last set "
             "(by arm, raise or a signature in round 0); if the chain's head really is there, add "
             "`force`: true",
         {}},
        row);
}

/// For whoever gave no round and may have thought of round 0.
std::string what_it_closes(const tezos::Position& at, bool has_round) {
    if (at.round != tezos_adapters::highest_round) {
        return "signs only above " + to_text(at) + "; later rounds of this level stay open";
    }
    return (has_round ? "this" : "without `round`, this") +
           std::string(" closes the whole level: signs only above level ") +
           std::to_string(at.level.value());
}

operators::CommandResult run_raise(const Context& context, const Json& fields,
                                   SteadyTime deadline) {
    const auto ids = read_watermark_ids(fields, context.consensus_keys);
    if (!ids) return operators::failed(ids.error());
    const auto level = read_level(fields, context.dynamodb.clock().now());
    if (!level) return operators::failed(level.error());
    const auto round = member(fields, "round") == nullptr
                           ? Result<std::uint32_t>(tezos_adapters::highest_round.value())
                           : read_int31_field(fields, "round");
    if (!round) return operators::failed(round.error());
    const auto force = read_force(fields);
    if (!force) return operators::failed(force.error());
    const tezos::Position at{*level, tezos::Round(*round)};
    const RowWrite write{
        .make_update =
            [&](const tezos::WatermarkId& id, WallTime now) {
                return tezos_adapters::raise_update(context.table, {id, at}, *force, now);
            },
        .outcome = "raised",
        .judge_refusal = [at](const tezos::WatermarkId& id,
                              const auto& row) { return judge_unraised({id, at}, row); }};
    auto result = write_rows(*ids, context, write, deadline);
    if (result.error) return result;
    const bool are_all_raised = std::ranges::all_of(
        result.members["rows"], [](const Json& row) { return row.at("outcome") == "raised"; });
    result.members["note"] =
        are_all_raised
            ? what_it_closes(at, member(fields, "round") != nullptr)
            : "a row that is `unchanged` stood there or higher before: `signs_from` says "
              "what each row signs";
    return result;
}

}  // namespace

operators::Command raise(const Context& context) {
    return {"raise",
            {"chain", "level", "round", "keys", "force"},
            [&context](const Json& fields, SteadyTime deadline) {
                return run_raise(context, fields, deadline);
            }};
}

}  // namespace redoubt::tezos_operator
