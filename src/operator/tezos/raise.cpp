// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>

#include "fields.hpp"
#include "row_writes.hpp"

namespace redoubt::tezos_operator {
namespace {

RowOutcome judge_raising(const tezos::SigningPosition& position, bool force,
                         const std::optional<tezos::Row>& row, WallTime now) {
    if (!row) return RowOutcome::failed(not_armed(position));
    if (row->at >= position.at) return {"unchanged", row};
    const tezos::Pace pace = pace_of(position.at.level, now);
    if (force || passes_loose_fence(row->pace, pace)) {
        return {"raised", tezos::Row{.at = position.at,
                                     .digest = {},
                                     .signature = {},
                                     .written_ms = unix_ms(now),
                                     .pace = pace,
                                     .until = row->until}};
    }
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

std::string note_of(const Json& rows, const tezos::Position& at, bool has_round) {
    if (auto ended = note_of_ended(rows)) return *ended;
    if (std::ranges::all_of(rows, [](const Json& row) { return row.at("outcome") == "raised"; })) {
        return what_it_closes(at, has_round);
    }
    return "a row that is `unchanged` stood there or higher before: `signs_from` says what each "
           "row signs";
}

/// What was asked for, beside the rows.
struct Raise {
    tezos::Position at;
    bool force;
    bool is_dry_run;
};
Result<Raise> read_raise(const Json& fields, WallTime now) {
    const auto level = read_level(fields, now);
    if (!level) return std::unexpected(level.error());
    const auto round = member(fields, "round") == nullptr
                           ? Result<std::uint32_t>(tezos_adapters::highest_round.value())
                           : read_int31_field(fields, "round");
    if (!round) return std::unexpected(round.error());
    const auto force = read_flag(fields, "force");
    if (!force) return std::unexpected(force.error());
    const auto dry_run = read_flag(fields, "dry_run");
    if (!dry_run) return std::unexpected(dry_run.error());
    return Raise{{*level, tezos::Round(*round)}, *force, *dry_run};
}

operators::CommandResult run_raise(const Context& context, const Json& fields,
                                   SteadyTime deadline) {
    const auto ids = read_watermark_ids(fields, context.consensus_keys);
    if (!ids) return operators::failed(ids.error());
    const auto asked = read_raise(fields, context.dynamodb.clock().now());
    if (!asked) return operators::failed(asked.error());
    const auto make_write = [&](const tezos::WatermarkId& id) -> RowWrite {
        const tezos::SigningPosition position{id, asked->at};
        return {.id = id,
                .make_update =
                    [&context, position, force = asked->force](WallTime now) {
                        return tezos_adapters::raise_update(context.table, position, force, now);
                    },
                .outcome = "raised",
                .judge = [position, force = asked->force](
                             const auto& row,
                             WallTime now) { return judge_raising(position, force, row, now); },
                .may_mend = true};
    };
    auto result = write_rows(*ids, context, asked->is_dry_run, deadline, make_write);
    if (result.error) return result;
    result.members["note"] =
        note_of(result.members["rows"], asked->at, member(fields, "round") != nullptr);
    return result;
}

}  // namespace

operators::Command raise(const Context& context) {
    return operators::bound("raise", {"chain", "level", "round", "keys", "force", "dry_run"},
                            context, run_raise);
}

}  // namespace redoubt::tezos_operator
