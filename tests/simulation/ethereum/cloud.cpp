// SPDX-License-Identifier: Apache-2.0
#include "cloud.hpp"

#include <fakes/aws_answer.hpp>
#include <standins/aws_exception.hpp>

namespace redoubt::simulation::ethereum {
namespace {

using test::aws_answer;

int number(const Json& attribute) {
    return std::stoi(attribute.at("N").get_ref<const std::string&>());
}

int number_or(const Json& item, const char* name, int before) {
    return item.contains(name) && item[name].contains("N") ? number(item[name]) : before;
}

std::set<std::string> texts(const Json& item, const char* name,
                            const std::set<std::string>& before) {
    if (!item.contains(name)) return {};
    return item[name].contains("SS") ? item[name]["SS"].get<std::set<std::string>>() : before;
}

bool is_of_validator(const Json& key) {
    return key.at("id").at("S").get_ref<const std::string&>().starts_with("0x");
}

}  // namespace

bool is_commit(const Json& update) { return update.at("ExpressionAttributeValues").contains(":r"); }

Cloud::Cloud(Fixtures& fixtures, const Sealing& sealing) : fixtures_(fixtures) {
    const std::string table = Fixtures::table_name;
    standins::create_validators(dynamodb_, table);
    const auto& root = fixtures.network().genesis_validators_root;
    const ethereum_adapters::TableNetwork network{root, table, sealing.ids};
    put(parse_json(to_item(network).text()).value());
    for (const Json& wrap : sealing.wraps) put(wrap);
    for (const Caller& caller : fixtures.callers()) put(caller.item);
    put(fixtures.leaver().item);
}

Reply Cloud::act(const std::string& operation, const Json& body, WallTime now) {
    try {
        if (operation == "UpdateItem") return update(body, now);
        return {aws_answer(200, dynamodb_.operate(operation, body), now)};
    } catch (const standins::AwsException& refusal) {
        return {test::aws_error(refusal.status, "com.amazonaws.dynamodb.v20120810#" + refusal.type,
                                now, refusal.more)};
    }
}

Reply Cloud::update(const Json& body, WallTime now) {
    const Json answer = dynamodb_.operate("UpdateItem", body);
    Reply reply{aws_answer(200, answer, now)};
    if (!is_of_validator(body.at("Key"))) return reply;
    const Json& row = answer.at("Attributes");
    wrote(row.at("id").at("S"), message_of(body), row);
    reply.row = row;
    return reply;
}

std::optional<Message> Cloud::message_of(const Json& update) const {
    if (!is_commit(update)) return std::nullopt;
    const Json& values = update.at("ExpressionAttributeValues");
    const int root = fixtures_.number_of_root(values.at(":r").at("B"));
    if (values.contains(":n")) {
        return Message{.is_block = true, .target = number(values[":n"]), .root = root};
    }
    return Message{
        .source = number(values.at(":s")), .target = number(values.at(":e")), .root = root};
}

std::optional<Json> Cloud::item(const std::string& id) {
    Json answer = dynamodb_.operate(
        "GetItem", {{"TableName", Fixtures::table_name}, {"Key", {{"id", {{"S", id}}}}}});
    if (!answer.contains("Item")) return std::nullopt;
    return std::move(answer["Item"]);
}

void Cloud::put(const Json& item) {
    static_cast<void>(
        dynamodb_.operate("PutItem", {{"TableName", Fixtures::table_name}, {"Item", item}}));
}

int Cloud::root_of(const Json& item, const char* name, int before) const {
    if (!item.contains(name)) return no_root;
    return item[name].contains("B") ? fixtures_.number_of_root(item[name]["B"]) : before;
}

Validator Cloud::validator_of(const Json& item, const Validator& before) const {
    const bool is_on_there = item.contains("on") && item["on"].contains("BOOL");
    std::optional<int> until;
    if (item.contains("until")) {
        until = item["until"].contains("N") ? number(item["until"]) : before.until;
    }
    return {.row = {.is_on = is_on_there ? item["on"]["BOOL"].get<bool>() : before.row.is_on,
                    .source = number_or(item, "src", before.row.source),
                    .target = number_or(item, "tgt", before.row.target),
                    .vote_root = root_of(item, "aroot", before.row.vote_root),
                    .slot = number_or(item, "slot", before.row.slot),
                    .block_root = root_of(item, "broot", before.row.block_root)},
            .until = until,
            .tags = texts(item, "tags", before.tags),
            .fee = texts(item, "fee", before.fee),
            .has_secret = item.contains("sealed")};
}

}  // namespace redoubt::simulation::ethereum
