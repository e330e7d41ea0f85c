// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>

#include "fields.hpp"
#include "row_writes.hpp"

namespace redoubt::tezos_operator {
namespace {

/// A row that exists: exactly as this command would have made it, or a stop.
RowOutcome judge_existing(const std::optional<tezos::Row>& row, tezos::Level level) {
    if (!row) {
        return RowOutcome::failed(
            {Code::TableRefused, "the table refused to create a row and showed none", {}});
    }
    const tezos::Position armed{level, tezos_adapters::highest_round};
    if (row->at == armed && !row->digest && !row->signature) return {"unchanged", row};
    return RowOutcome::failed({Code::AlreadySigned,
                               "this row exists already, at " + to_text(row->at) +
                                   ", and was left as it is; to lift it use `raise`",
                               {}},
                              row);
}

operators::CommandResult run_arm(const Context& context, const Json& fields, SteadyTime deadline) {
    const auto ids = read_watermark_ids(fields, context.consensus_keys);
    if (!ids) return operators::failed(ids.error());
    const auto level = read_int31_field(fields, "level");
    if (!level) return operators::failed(level.error());
    const tezos::Level at(*level);
    const RowWrite write{
        .make_update =
            [&](const tezos::WatermarkId& id, WallTime now) {
                return tezos_adapters::arm_update(context.table, id, at, now);
            },
        .outcome = "armed",
        .judge_refusal = [at](const tezos::WatermarkId& /*id*/,
                              const auto& row) { return judge_existing(row, at); }};
    return write_rows(*ids, context, write, deadline);
}

}  // namespace

operators::Command arm(const Context& context) {
    return {"arm", {"chain", "level", "keys"}, [&context](const Json& fields, SteadyTime deadline) {
                return run_arm(context, fields, deadline);
            }};
}

}  // namespace redoubt::tezos_operator
