// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>

#include "fields.hpp"
#include "row_writes.hpp"

namespace redoubt::tezos_operator {
namespace {

std::string text(tezos::Level level) { return std::to_string(level.value()); }

// --- Moving out: `until` -------------------------------------------------------------------------

RowOutcome judge_moving_out(const tezos::WatermarkId& id, tezos::Level until,
                            const std::optional<tezos::Row>& row, WallTime now) {
    if (!row) return RowOutcome::failed(tezos::not_armed({id, {until, tezos::Round(0)}}));
    if (row->until == until) return {"unchanged", row};
    if (row->until && *row->until < until) {
        return RowOutcome::failed(
            {Code::HandedOver,
             "this row signs up to level " + text(*row->until) +
                 " already, and `until` is only ever lowered: another signer may sign from the "
                 "next level on. To move back in, use `from`, once no other signer signs there",
             {}},
            row);
    }
    if (row->at.level > until) {
        return RowOutcome::failed(
            {Code::BelowWatermark,
             "this row stands at " + to_text(row->at) + ", above `until`: give level " +
                 text(row->at.level) + " or a higher one, best some levels above the head's",
             {}},
            row);
    }
    tezos::Row limited = *row;
    limited.until = until;
    limited.written_ms = unix_ms(now);
    return {"limited", limited};
}

RowWrite moving_out(const Context& context, const tezos::WatermarkId& id, tezos::Level until) {
    return {.id = id,
            .make_update =
                [&context, id, until](WallTime now) {
                    return tezos_adapters::until_update(context.table, id, until, now);
                },
            .outcome = "limited",
            .judge = [id, until](const auto& row,
                                 WallTime now) { return judge_moving_out(id, until, row, now); }};
}

// --- Moving in: `from` ---------------------------------------------------------------------------

Error no_rows(tezos::Level from) {
    return {Code::NotArmed,
            "there is no such row: `arm` it at level " + text(tezos_adapters::before(from).level) +
                ", which signs from level " + text(from) + " on",
            {}};
}

Error is_not_below(tezos::Level until, tezos::Level from) {
    return {Code::HandedOver,
            "this row itself signs up to level " + text(until) + ": level " + text(from) +
                " is not after that. Give the level after the last one that any other signer of "
                "this key may sign, " +
                text(tezos::Level(until.value() + 1)) + " at least",
            {}};
}

Error stands_higher(const tezos::Row& row) {
    return {Code::BelowWatermark,
            "this row stands at " + to_text(row.at) + " and signs nothing since its `until`, " +
                text(*row.until) + ": give a level above " + text(row.at.level) + " as `from`",
            {}};
}

Error is_too_far(tezos::Level from) {
    return {Code::TooFarAhead,
            "level " + text(from) +
                " is further ahead than one level a second allows since the row's pace was last "
                "set; if the chain's head really is there, `raise` with `force` to the head's "
                "level first",
            {}};
}

Error was_written_meanwhile() {
    return {Code::TableUnavailable,
            "this row was written while the command was under way, by its signer or by another "
            "operator: look at `status`, and send the same again if it is still right",
            {}};
}

RowOutcome judge_moving_in(tezos::Level from, std::int64_t seen_ms,
                           const std::optional<tezos::Row>& row, WallTime now) {
    if (!row) return RowOutcome::failed(no_rows(from));
    const tezos::Position target = tezos_adapters::before(from);
    if (row->until && *row->until >= from) {
        return RowOutcome::failed(is_not_below(*row->until, from), row);
    }
    if (!row->until && row->at >= target) return {"unchanged", row};
    if (row->at > target) return RowOutcome::failed(stands_higher(*row), row);
    const tezos::Pace pace = pace_of(target.level, now);
    if (!passes_loose_fence(row->pace, pace)) return RowOutcome::failed(is_too_far(from), row);
    if (row->until && row->written_ms != seen_ms) {
        return RowOutcome::failed(was_written_meanwhile(), row);
    }
    return {
        "moved_in",
        tezos::Row{
            .at = target, .digest = {}, .signature = {}, .written_ms = unix_ms(now), .pace = pace}};
}

RowWrite moving_in(const Context& context, const FoundRow& before, tezos::Level from) {
    // Of a row that can't be read, perhaps; one that is missing is refused anyway.
    const std::int64_t seen_ms = aws::dynamodb::read_number(before.item, "at").value_or(-1);
    return {
        .id = before.id,
        .make_update =
            [&context, id = before.id, from, seen_ms](WallTime now) {
                return tezos_adapters::from_update(context.table, id, from, seen_ms, now);
            },
        .outcome = "moved_in",
        .judge = [from, seen_ms](const auto& row,
                                 WallTime now) { return judge_moving_in(from, seen_ms, row, now); },
        .may_mend = true};
}

// --- The command ---------------------------------------------------------------------------------

/// What was asked for, beside the rows.
struct Handover {
    bool moves_in;  // `from`; or else `until`
    tezos::Level level;
    bool is_dry_run;
};
Result<Handover> read_handover(const Json& fields, WallTime now) {
    const bool moves_in = member(fields, "from") != nullptr;
    if (moves_in == (member(fields, "until") != nullptr)) {
        return fail(Code::BadRequest,
                    "give either `until`, the last level that this signer signs, or `from`, the "
                    "first");
    }
    const auto level = read_level(fields, now, moves_in ? "from" : "until");
    if (!level) return std::unexpected(level.error());
    if (moves_in && *level == tezos::Level(0)) {
        return fail(Code::BadRequest, "`from` must be a level above 0");
    }
    const auto dry_run = read_flag(fields, "dry_run");
    if (!dry_run) return std::unexpected(dry_run.error());
    return Handover{moves_in, *level, *dry_run};
}

std::string note_of(const Handover& asked, const Json& rows) {
    if (asked.moves_in) {
        const bool stood_there = std::ranges::any_of(
            rows, [](const Json& row) { return row.at("outcome") == "unchanged"; });
        const std::string_view but =
            stood_there ? ", and of a row that is `unchanged` what `signs_from` says" : "";
        return "signs from level " + text(asked.level) + " on" + std::string(but) +
               ": every other signer of this key must be limited to a level below by `handover` "
               "with `until`, or be gone for good";
    }
    return "signs up to level " + text(asked.level) + ": the next signer may sign from level " +
           std::to_string(std::uint64_t{asked.level.value()} + 1) +
           " on. There, `handover` with `from`, or, if it has no rows, `arm` at level " +
           text(asked.level);
}

operators::CommandResult run_handover(const Context& context, const Json& fields,
                                      SteadyTime deadline) {
    const auto ids = read_watermark_ids(fields, context.consensus_keys);
    if (!ids) return operators::failed(ids.error());
    const auto asked = read_handover(fields, context.dynamodb.clock().now());
    if (!asked) return operators::failed(asked.error());
    const auto before = find_rows(*ids, context, deadline);
    if (!before) return operators::failed(before.error());
    std::vector<RowWrite> writes;
    for (const FoundRow& row : *before) {
        writes.push_back(asked->moves_in ? moving_in(context, row, asked->level)
                                         : moving_out(context, row.id, asked->level));
    }
    auto result = write_rows(writes, *before, context, asked->is_dry_run, deadline);
    if (!result.error) result.members["note"] = note_of(*asked, result.members["rows"]);
    return result;
}

}  // namespace

operators::Command handover(const Context& context) {
    return operators::bound("handover", {"chain", "until", "from", "keys", "dry_run"}, context,
                            run_handover);
}

}  // namespace redoubt::tezos_operator
