// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>

#include "fields.hpp"
#include "row_writes.hpp"

namespace redoubt::tezos_operator {
namespace {

/// Whether this command would have made the row, at some time.
bool is_as_armed(const tezos::Row& row, tezos::Level level) {
    return row.at == tezos::Position{level, tezos_adapters::highest_round} && !row.digest &&
           !row.signature && !row.until && row.written_ms >= 0 &&
           row.pace == tezos::pace_of(level, WallTime(Milliseconds(row.written_ms)));
}

RowOutcome judge_arming(const std::optional<tezos::Row>& row, tezos::Level level, WallTime now) {
    if (!row) {
        return {"armed", tezos::Row{.at = {level, tezos_adapters::highest_round},
                                    .digest = {},
                                    .signature = {},
                                    .written_ms = unix_ms(now),
                                    .pace = tezos::pace_of(level, now)}};
    }
    if (is_as_armed(*row, level)) return {"unchanged", row};
    return RowOutcome::failed(
        {Code::AlreadySigned,
         "this row exists already, at " + to_text(row->at) +
             (row->at.level == level ? ", but not as `arm` makes it" : "") +
             ", and was left as it is; to lift it `raise` it to a higher level",
         {}},
        row);
}

operators::CommandResult run_arm(const Context& context, const Json& fields, SteadyTime deadline) {
    const auto ids = read_watermark_ids(fields, context.consensus_keys);
    if (!ids) return operators::failed(ids.error());
    const auto level = read_level(fields, context.dynamodb.clock().now());
    if (!level) return operators::failed(level.error());
    const auto force = read_flag(fields, "force");
    if (!force) return operators::failed(force.error());
    const auto dry_run = read_flag(fields, "dry_run");
    if (!dry_run) return operators::failed(dry_run.error());
    if (auto error = doubt_level(*level, *force)) return operators::failed(std::move(*error));
    const tezos::Level at = *level;
    auto result = write_rows(
        *ids, context, *dry_run, deadline, [&](const tezos::WatermarkId& id) -> RowWrite {
            return {.id = id,
                    .make_update =
                        [&context, id, at](WallTime now) {
                            return tezos_adapters::arm_update(context.table, id, at, now);
                        },
                    .outcome = "armed",
                    .judge = [at](const auto& row,
                                  WallTime now) { return judge_arming(row, at, now); }};
        });
    if (!result.error)
        result.members["note"] = "signs only above level " + std::to_string(at.value());
    return result;
}

}  // namespace

operators::Command arm(const Context& context) {
    return operators::bound("arm", {"chain", "level", "keys", "force", "dry_run"}, context,
                            run_arm);
}

}  // namespace redoubt::tezos_operator
