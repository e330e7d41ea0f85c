// SPDX-License-Identifier: Apache-2.0
#include "row_writes.hpp"

#include <memory>

#include <redoubt/adapters/tezos/watermark_table.hpp>

#include "rows.hpp"

namespace redoubt::tezos_operator {
namespace {

RowOutcome judge(const tezos::WatermarkId& id, const Result<aws::Reply>& reply,
                 const RowWrite& write) {
    if (!reply) return RowOutcome::failed(reply.error());
    const auto judged = tezos_adapters::judge_write(*reply, id);
    if (!judged) return RowOutcome::failed(judged.error());
    if (judged->is_applied) return {write.outcome, judged->row};
    return write.judge_refusal(id, judged->row);
}

Json outcome_to_json(const tezos::WatermarkId& id, const RowOutcome& result, WallTime now) {
    Json row = result.row ? to_json(id, *result.row, now) : to_json(id);
    row["outcome"] = result.outcome;
    if (result.error) row["msg"] = result.error->message;
    return row;
}

}  // namespace

RowOutcome RowOutcome::failed(Error error, std::optional<tezos::Row> row) {
    return {std::string(name(error.code)), std::move(row), std::move(error)};
}

operators::CommandResult write_rows(const std::vector<tezos::WatermarkId>& ids,
                                    const Context& context, const RowWrite& write,
                                    SteadyTime deadline) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<io::Exchange*> exchanges;
    for (const tezos::WatermarkId& id : ids) {
        operations.push_back(std::make_unique<aws::Operation>(
            context.dynamodb, "UpdateItem",
            [&, id] { return to_body(write.make_update(id, context.dynamodb.clock().now())); },
            std::string(aws::dynamodb::condition_failed)));
        exchanges.push_back(operations.back().get());
    }
    context.runner.run(exchanges, deadline);
    operators::CommandResult result;
    Json rows = Json::array();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const RowOutcome outcome = judge(ids[i], operations[i]->outcome(), write);
        if (!result.error) result.error = outcome.error;
        rows.push_back(outcome_to_json(ids[i], outcome, context.dynamodb.clock().now()));
    }
    result.members["rows"] = std::move(rows);
    return result;
}

}  // namespace redoubt::tezos_operator
