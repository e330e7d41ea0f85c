// SPDX-License-Identifier: Apache-2.0
// TransactWriteItems, of DynamoDB.
#include <algorithm>

#include "aws_exception.hpp"
#include "dynamodb.hpp"
#include "item_call.hpp"
#include "update.hpp"

namespace redoubt::standins {

namespace {

constexpr std::size_t most_actions = 100;

/// One action, read before anything is decided.
struct Action {
    std::shared_ptr<Table> table;
    Item key;
    std::optional<Guard> guard;
    std::optional<Item> put;
    std::optional<Update> update;
    bool deletes = false;
    std::optional<Item> after = {};

    void decide(const std::optional<Item>& before) {
        guard->check(before);
        after = before;
        if (put) after = put;
        if (update) after = update->apply(before.value_or(key));
        if (deletes) after.reset();
    }
};

Json reason(const AwsException& refusal) {
    Json out = {{"Code", "ConditionalCheckFailed"}, {"Message", refusal.message}};
    out.update(refusal.more);
    return out;
}

/// Throws, if one of them was refused.
void cancel(const Json& reasons) {
    std::string codes;
    bool is_refused = false;
    for (const Json& one : reasons) {
        const std::string code = one.at("Code");
        codes += (codes.empty() ? "" : ", ") + code;
        is_refused = is_refused || code != "None";
    }
    if (!is_refused) return;
    throw AwsException{.type = "TransactionCanceledException",
                       .message =
                           "Transaction cancelled, please refer cancellation reasons for "
                           "specific reasons [" +
                           codes + "]",
                       .more = {{"CancellationReasons", reasons}}};
}

Action parse_action(const Json& wanted,
                    const std::function<std::shared_ptr<Table>(const Json&)>& find) {
    if (!wanted.is_object() || wanted.size() != 1) {
        throw validation("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    const std::string kind = wanted.begin().key();
    const Json& call = *wanted.begin();
    Action action{.table = find(call), .key = {}, .guard = {}, .put = {}, .update = {}};
    Placeholders placeholders(call, "");
    if (kind == "Update") {
        action.update.emplace(text_of_field(required(call, "UpdateExpression"), "UpdateExpression"),
                              placeholders);
    }
    action.guard.emplace(call, placeholders);
    placeholders.refuse_unused();
    if (kind == "Put") action.put = parse_item(required(call, "Item"));
    action.deletes = kind == "Delete";
    if (kind != "Put" && kind != "Update" && kind != "Delete" && kind != "ConditionCheck") {
        throw validation("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    action.key = action.put ? action.table->key_of(*action.put)
                            : action.table->check_key(parse_item(required(call, "Key")));
    return action;
}

void refuse_doubles(const std::vector<Action>& actions) {
    for (auto one = actions.begin(); one != actions.end(); ++one) {
        const bool is_twice = std::any_of(one + 1, actions.end(), [one](const Action& other) {
            return other.table == one->table && other.key == one->key;
        });
        if (is_twice) {
            throw validation("Transaction request cannot include multiple operations on one item");
        }
    }
}

}  // namespace

Json DynamoDb::transact_write_items(const Json& call) {
    const Json& wanted = required(call, "TransactItems");
    if (!wanted.is_array() || wanted.empty() || wanted.size() > most_actions) {
        throw validation(
            "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: "
            "Member must have length less than or equal to 100");
    }
    std::vector<Action> actions;
    for (const Json& one : wanted) {
        actions.push_back(parse_action(one, [this](const Json& of) { return table_of(of); }));
    }
    refuse_doubles(actions);
    // Whoever repeats a call by its token is not told no for what he did.
    const std::string token = call.value("ClientRequestToken", "");
    const std::scoped_lock lock(transactions_);
    if (const auto done = done_.find(token); !token.empty() && done != done_.end()) {
        if (done->second == wanted) return Json::object();
        throw AwsException{.type = "IdempotentParameterMismatchException",
                           .message = "Request parameters do not match those of the first call"};
    }
    std::vector<Table::Change> changes;
    for (Action& action : actions) {
        if (action.table != actions.front().table) throw validation("one table a transaction here");
        changes.push_back({action.key, [&action](const std::optional<Item>& before) {
                               action.decide(before);
                               return action.after;
                           }});
    }
    Json reasons = Json::array();
    actions.front().table->change_all(changes, [&reasons](const AwsException* refusal) {
        reasons.push_back(refusal == nullptr ? Json{{"Code", "None"}} : reason(*refusal));
    });
    cancel(reasons);
    if (!token.empty()) done_[token] = wanted;
    return Json::object();
}

}  // namespace redoubt::standins
