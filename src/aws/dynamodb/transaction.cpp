// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/dynamodb/transaction.hpp>

#include <redoubt/aws/dynamodb/write_reply.hpp>

namespace redoubt::aws::dynamodb {
namespace {

constexpr std::string_view canceled = "TransactionCanceledException";

/// What all actions have. DynamoDB refuses an empty list of names or values.
void add_condition(ObjectText& action, const std::string& condition, const ObjectText& names,
                   const ObjectText& values) {
    if (!condition.empty()) action.add("ConditionExpression", condition);
    if (!names.empty()) action.add("ExpressionAttributeNames", names);
    if (!values.empty()) action.add("ExpressionAttributeValues", values);
    action.add("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
}

Result<Cancellation> read_reasons(const Json& body) {
    const Json* list = member(body, "CancellationReasons");
    if (list == nullptr || !list->is_array()) {
        return suspicious("refused a transaction without a reason");
    }
    Cancellation out;
    for (const Json& reason : *list) {
        const std::string* code = string_member(reason, "Code");
        const Json* item = member(reason, "Item");
        const bool is_refused = code != nullptr && *code == "ConditionalCheckFailed";
        out.reasons.push_back({is_refused, is_refused && item != nullptr ? *item : Json()});
        out.may_pass =
            out.may_pass ||
            (code != nullptr && (*code == "TransactionConflict" || *code == "ThrottlingError" ||
                                 *code == "ProvisionedThroughputExceeded"));
    }
    return out;
}

}  // namespace

void Transaction::add(const Put& put) {
    ObjectText action;
    action.add("TableName", put.table).add("Item", put.item);
    add_condition(action, put.condition, put.names, put.values);
    actions_.push_back(ObjectText().add("Put", action));
}

void Transaction::add(const Update& update) {
    ObjectText action;
    action.add("TableName", update.table)
        .add("Key", update.key)
        .add("UpdateExpression", update.update);
    add_condition(action, update.condition, update.names, update.values);
    actions_.push_back(ObjectText().add("Update", action));
}

std::string Transaction::body() const {
    return ObjectText().add("TransactItems", actions_).add("ClientRequestToken", token_).text();
}

Result<std::optional<Cancellation>> transact(Service& dynamodb, io::ExchangeRunner& runner,
                                             const Transaction& transaction, SteadyTime deadline) {
    const std::string body = transaction.body();
    Operation operation(
        dynamodb, "TransactWriteItems", [&body] { return std::string(body); },
        std::string(canceled));
    io::Exchange* const exchange = &operation;
    runner.run({&exchange, 1}, deadline);
    const auto& reply = operation.outcome();
    if (!reply) return std::unexpected(reply.error());
    if (reply->error.empty()) return std::nullopt;
    auto reasons = read_reasons(reply->body);
    if (!reasons) return std::unexpected(reasons.error());
    return std::move(*reasons);
}

}  // namespace redoubt::aws::dynamodb
