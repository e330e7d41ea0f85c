// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/tezos/commands.hpp>

#include "doctor/checks.hpp"
#include "fields.hpp"
#include "rows.hpp"

namespace redoubt::tezos_operator {
namespace {

/// `chain` and `level`, both or none.
Result<std::optional<doctor::Head>> read_head(const Json& fields, WallTime now) {
    if (member(fields, "chain") == nullptr && member(fields, "level") == nullptr) {
        return std::nullopt;
    }
    const auto chain = read_chain(fields);
    if (!chain) return std::unexpected(chain.error());
    const auto level = read_level(fields, now);
    if (!level) return std::unexpected(level.error());
    return doctor::Head{*chain, *level};
}

void look_at_rows(const Context& context, const std::optional<doctor::Head>& head,
                  SteadyTime deadline, doctor::Report& report) {
    for (const tezos::KeyInfo& key : context.consensus_keys) {
        const auto items = read_items(context, key.hash, deadline);
        if (!items) {
            report.add(doctor::Check::NotSeen, key.address, true, items.error().message);
            continue;
        }
        const WallTime now = context.dynamodb.clock().now();
        doctor::check_rows(key, *items, {now, unlikely_level, head}, report);
    }
}

/// Of a function that has to do with sealed keys.
void look_at_sealed(const Context& context, SteadyTime deadline, doctor::Report& report) {
    const auto contents = read_contents(context, deadline);
    if (!contents) {
        report.add(doctor::Check::NotSeen, context.table, true, contents.error().message);
        return;
    }
    doctor::check_sealed(context, *contents, report);
}

bool has_sealed_keys(const Context& context) {
    return !context.sealing.wrapping_keys.empty() ||
           context.consensus_keys.size() > context.key_arns.size();
}

operators::CommandResult run_doctor(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    const auto head = read_head(fields, context.dynamodb.clock().now());
    if (!head) return operators::failed(head.error());
    doctor::Report report;
    doctor::Questions questions;
    doctor::TableCheck table(context, questions);
    std::vector<doctor::KeyCheck> keys;
    for (std::size_t i = 0; i < context.key_arns.size(); ++i) {
        keys.emplace_back(context, i, questions);
    }
    std::vector<doctor::WrappingKeyCheck> wrapping_keys;
    for (const aws::KeyArn& arn : context.sealing.wrapping_keys) {
        wrapping_keys.emplace_back(context, arn, questions);
    }
    questions.ask(context.runner, deadline);
    for (const doctor::KeyCheck& key : keys) key.judge(questions, report);
    for (const doctor::WrappingKeyCheck& key : wrapping_keys) key.judge(questions, report);
    if (table.judge(questions, report)) {
        questions.ask(context.runner, deadline);
        table.judge_policy(questions, report);
        look_at_rows(context, *head, deadline, report);
        if (has_sealed_keys(context)) look_at_sealed(context, deadline, report);
    }
    doctor::check_authorized(context, report);
    doctor::check_surroundings(context, report);
    return report.take();
}

}  // namespace

operators::Command examine(const Context& context) {
    return operators::bound("doctor", {"chain", "level"}, context, run_doctor);
}

}  // namespace redoubt::tezos_operator
