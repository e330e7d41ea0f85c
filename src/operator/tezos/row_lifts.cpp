// SPDX-License-Identifier: Apache-2.0
#include "row_lifts.hpp"

#include <redoubt/adapters/tezos/watermark_table.hpp>

namespace redoubt::tezos_operator {
namespace {

/// The rule of `import_update`'s condition.
RowOutcome judge_lift(const std::optional<tezos::Row>& row, const Lift& lift,
                      const std::string& outcome, WallTime now) {
    if (row && row->at >= lift.at) return {"unchanged", row};
    if (row && !lift.force &&
        !tezos::passes_loose_fence(row->pace, tezos::pace_of(lift.at.level, now))) {
        return RowOutcome::failed(
            {Code::TooFarAhead,
             to_text(lift.at) +
                 " is further ahead than one level a second allows since the row's pace was last "
                 "set; if the chain's head really is at `level`, add `force`: true",
             {}},
            row);
    }
    return {outcome, tezos::Row{.at = lift.at,
                                .digest = {},
                                .signature = {},
                                .written_ms = unix_ms(now),
                                .pace = tezos::pace_of(lift.head, now),
                                .until = row ? row->until : std::nullopt}};
}

}  // namespace

RowWrite make_lift(const Context& context, const Lift& lift, const FoundRow& before) {
    const std::string outcome = before.item.is_null() ? "armed" : "raised";
    return {.id = lift.id,
            .make_update =
                [&context, lift](WallTime now) {
                    return tezos_adapters::import_update(context.table, {lift.id, lift.at},
                                                         lift.head, lift.force, now);
                },
            .outcome = outcome,
            .judge = [lift, outcome](const auto& row,
                                     WallTime now) { return judge_lift(row, lift, outcome, now); },
            .may_mend = true};
}

}  // namespace redoubt::tezos_operator
