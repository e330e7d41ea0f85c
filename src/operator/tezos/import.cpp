// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/tezos/commands.hpp>

#include "fields.hpp"
#include "import_data.hpp"
#include "import_plan.hpp"
#include "row_lifts.hpp"

namespace redoubt::tezos_operator {
namespace {

/// Bakers sign the level after the head, and the head may have moved since it was looked up.
constexpr std::uint32_t default_margin = 2;

Result<ImportLevels> read_levels(const Json& fields, WallTime now) {
    const auto head = read_level(fields, now);
    if (!head) return std::unexpected(head.error());
    const auto margin = member(fields, "margin") == nullptr ? Result<std::uint32_t>(default_margin)
                                                            : read_int31_field(fields, "margin");
    if (!margin) return std::unexpected(margin.error());
    const auto force = read_flag(fields, "force");
    if (!force) return std::unexpected(force.error());
    if (auto error = doubt_level(*head, *force)) return std::unexpected(std::move(*error));
    return ImportLevels{*head, *margin, *force, now};
}

Json position_to_json(const tezos::Position& at) {
    return {{"level", at.level.value()}, {"round", at.round.value()}};
}

void explain(operators::CommandResult& result, const ImportPlan& plan, const ImportLevels& levels) {
    result.members.update({{"chain", tezos::to_text(plan.chain)},
                           {"level", levels.head.value()},
                           {"margin", levels.margin},
                           {"left_out", plan.left_out},
                           {"not_in_data", plan.not_in_data}});
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        const ImportTarget& target = plan.targets[i];
        result.members["rows"][i].update(
            {{"in_data", target.in_data ? position_to_json(*target.in_data) : Json()},
             {"target", position_to_json(target.at)}});
    }
    if (!result.error) {
        result.members["note"] =
            "let the other signer of these keys sign nothing any more, from before its data was "
            "copied: what it signs afterwards is not in here";
        if (const auto ended = note_of_ended(result.members["rows"])) {
            result.members["note"] = *ended + ". To move back in, `handover` with `from`";
        }
    }
}

operators::CommandResult run_import(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    const auto levels = read_levels(fields, context.dynamodb.clock().now());
    if (!levels) return operators::failed(levels.error());
    const auto dry_run = read_flag(fields, "dry_run");
    if (!dry_run) return operators::failed(dry_run.error());
    const auto marks = read_marks(fields);
    if (!marks) return operators::failed(marks.error());
    const auto plan = plan_import(*marks, fields, context.consensus_keys, *levels);
    if (!plan) return operators::failed(plan.error());

    std::vector<tezos::WatermarkId> ids;
    for (const ImportTarget& target : plan->targets) ids.push_back(target.id);
    const auto before = find_rows(ids, context, deadline);
    if (!before) return operators::failed(before.error());
    std::vector<RowWrite> writes;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const ImportTarget& target = plan->targets[i];
        writes.push_back(
            make_lift(context, {target.id, target.at, levels->head, levels->force}, (*before)[i]));
    }
    auto result = write_rows(writes, *before, context, *dry_run, deadline);
    explain(result, *plan, *levels);
    return result;
}

}  // namespace

operators::Command import_marks(const Context& context) {
    return operators::bound(
        "import", {"from", "data", "level", "margin", "chain", "keys", "force", "dry_run"}, context,
        run_import);
}

}  // namespace redoubt::tezos_operator
