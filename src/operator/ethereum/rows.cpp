// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <memory>

#include <redoubt/aws/dynamodb/write_reply.hpp>
#include <redoubt/base/random.hpp>

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum_adapters::Validator;

/// A key signs once an epoch, and operators say little: whoever meets that twice in a row is told.
constexpr int most_rounds = 5;

dynamodb::Update update_of(const Context& context, const Validator& validator,
                           const RowChange& change) {
    dynamodb::Update update{
        .table = context.table,
        .key = dynamodb::to_attributes(ethereum_adapters::validator_key(validator.key)),
        .condition = "attribute_exists(#id)",
        .update = "SET #at = :now",
        .names = ObjectText().add("#id", "id").add("#at", "at"),
        .values = change.values};
    if (!change.condition.empty()) update.condition += " AND " + change.condition;
    for (const std::string& name : change.names) update.names.add("#" + name, name);
    update.values.add(":now", dynamodb::number(unix_ms(context.dynamodb.clock().now())));
    if (change.rows == Rows::AsSet) demand_as_set(update, validator.set);
    update.update += change.update;
    return update;
}

RowOutcome failed(Error error, const Validator& validator) {
    return {std::string(name(error.code)), validator, std::move(error)};
}

Error set_by_others() {
    return {Code::TableUnavailable,
            "another operator's command about this key came in between: look at the key, then ask "
            "again",
            {}};
}

RowOutcome judge(const aws::Operation& operation, const Validator& before,
                 const RowChange& change) {
    const auto& reply = operation.outcome();
    if (!reply) return failed(reply.error(), before);
    const auto key = ethereum_adapters::validator_key(before.key);
    const auto written = dynamodb::judge_write(
        *reply, [&key](const Json& item) { return dynamodb::has_key(item, key); },
        ethereum_adapters::parse_validator);
    if (!written) return failed(written.error(), before);
    if (written->is_applied) return {change.is_so ? "unchanged" : "set", *written->row};
    if (!written->row) {
        return failed({Code::UnknownKey, "the table has this key no more", {}}, before);
    }
    const bool is_set_anew = change.rows == Rows::AsSet && written->row->set != before.set;
    RowOutcome refused = failed(is_set_anew ? set_by_others() : change.refused, *written->row);
    refused.has_moved = change.rows == Rows::Any || (is_set_anew && change.only_quietens);
    return refused;
}

Json to_json(const RowOutcome& row) {
    const Validator& validator = row.validator;
    Json out = {
        {"public_key", validator.key.text()}, {"outcome", row.outcome}, {"on", validator.is_on},
        {"until", or_null(validator.until)},  {"tags", validator.tags}, {"fee", validator.fee}};
    if (row.error) out["msg"] = row.error->message;
    return out;
}

}  // namespace

void demand_as_set(dynamodb::Update& update, const std::optional<Bytes>& before) {
    Bytes stamp(16);
    fill_with_random(stamp);
    update.update += ", #set = :stamp";
    update.names.add("#set", "set");
    update.values.add(":stamp", dynamodb::binary(stamp));
    if (before) update.values.add(":then", dynamodb::binary(*before));
    update.condition += std::string(" AND (") +
                        (before ? "#set = :then" : "attribute_not_exists(#set)") +
                        " OR #set = :stamp)";
}

Json or_null(const std::optional<ethereum::Epoch>& epoch) {
    return epoch ? Json(epoch->value()) : Json();
}

std::vector<RowOutcome> change_rows(const Context& context, const std::vector<Validator>& before,
                                    const MakeChange& change, SteadyTime deadline) {
    std::vector<std::optional<RowChange>> changes;
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<io::Exchange*> exchanges;
    for (const Validator& validator : before) {
        changes.push_back(change(validator));
        operations.emplace_back();
        if (!changes.back()) continue;
        operations.back() = std::make_unique<aws::Operation>(
            context.dynamodb, "UpdateItem",
            [body = to_body(update_of(context, validator, *changes.back()))] { return body; },
            std::string(dynamodb::condition_failed));
        exchanges.push_back(operations.back().get());
    }
    if (!exchanges.empty()) context.runner.run(exchanges, deadline);
    std::vector<RowOutcome> rows;
    for (std::size_t i = 0; i < before.size(); ++i) {
        rows.push_back(operations[i] ? judge(*operations[i], before[i], *changes[i])
                                     : RowOutcome{"unchanged", before[i]});
    }
    return rows;
}

std::vector<RowOutcome> change_moving_rows(const Context& context,
                                           const std::vector<Validator>& before,
                                           const MakeChange& change, SteadyTime deadline) {
    auto rows = change_rows(context, before, change, deadline);
    for (int round = 1; round < most_rounds; ++round) {
        std::vector<Validator> moved;
        std::vector<RowOutcome*> which;
        for (RowOutcome& row : rows) {
            if (!row.has_moved) continue;
            moved.push_back(row.validator);
            which.push_back(&row);
        }
        if (moved.empty()) break;
        auto again = change_rows(context, moved, change, deadline);
        for (std::size_t i = 0; i < which.size(); ++i) *which[i] = std::move(again[i]);
    }
    return rows;
}

operators::CommandResult to_result(const std::vector<RowOutcome>& rows) {
    operators::CommandResult result;
    Json keys = Json::array();
    for (const RowOutcome& row : rows) {
        if (row.error && !result.error) result.error = row.error;
        keys.push_back(to_json(row));
    }
    result.members["keys"] = std::move(keys);
    return result;
}

}  // namespace redoubt::ethereum_operator
