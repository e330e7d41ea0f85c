// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include <stdexcept>

namespace redoubt::test {
namespace {

namespace dynamodb = aws::dynamodb;

std::int64_t number(const Json& attributes, const std::string& name) {
    const auto value = dynamodb::read_number(attributes, name);
    if (!value) throw std::runtime_error("no number " + name + " in " + attributes.dump());
    return *value;
}

bool says(const Json& body, const std::string& member, const std::string& words) {
    return body.at(member).get_ref<const std::string&>().find(words) != std::string::npos;
}

/// Whether the position of a write is above that of the row.
bool is_higher(const Json& values, const Json& item) {
    const auto level = number(item, "lvl"), asked = number(values, ":l");
    return level < asked || (level == asked && number(item, "rnd") < number(values, ":r"));
}

bool holds(const Json& body, const Json& item) {
    const Json& values = body.at("ExpressionAttributeValues");
    const std::string fence = values.contains(":fence") ? ":fence" : ":p";
    const bool forced = says(body, "UpdateExpression", "REMOVE") && fence == ":p";
    return is_higher(values, item) && (forced || number(item, "pace") >= number(values, fence));
}

void write(const Json& body, Json& item) {
    const Json& values = body.at("ExpressionAttributeValues");
    item.update(body.at("Key"));
    item["lvl"] = values.at(":l");
    item["rnd"] = values.at(":r");
    item["at"] = values.at(":now");
    if (values.contains(":d")) item["digest"] = values.at(":d");
    if (values.contains(":s")) item["sig"] = values.at(":s");
    if (says(body, "UpdateExpression", "#pace = :p")) item["pace"] = values.at(":p");
    if (says(body, "UpdateExpression", "REMOVE #digest, #sig")) {
        item.erase("digest");
        item.erase("sig");
    }
}

std::pair<std::string, std::string> key_of(const Json& attributes) {
    return {*dynamodb::read_text(attributes, "pkh"), *dynamodb::read_text(attributes, "scope")};
}

}  // namespace

Json to_item(const tezos::WatermarkId& id, const tezos::Row& row) {
    Json item = {{"pkh", dynamodb::text(tezos::to_text(id.key))},
                 {"scope", dynamodb::text(tezos_adapters::scope_text(id))},
                 {"lvl", dynamodb::number(row.at.level.value())},
                 {"rnd", dynamodb::number(row.at.round.value())},
                 {"at", dynamodb::number(row.written_ms)},
                 {"pace", dynamodb::number(row.pace.value())}};
    if (row.digest) item["digest"] = dynamodb::binary(*row.digest);
    if (row.signature) item["sig"] = dynamodb::text(*row.signature);
    return item;
}

http::ResponseOrError Table::answer(const http::ClientRequest& call) {
    const Json body = body_of(call);
    const std::string target = header_of(call, "X-Amz-Target");
    if (target == "DynamoDB_20120810.UpdateItem") return update(body);
    if (target == "DynamoDB_20120810.Query") return query(body);
    throw std::runtime_error("a table is not asked to " + target);
}

http::Response Table::update(const Json& body) {
    const auto key = key_of(body.at("Key"));
    const auto found = items.find(key);
    if (says(body, "ConditionExpression", "attribute_not_exists(#pkh)")) {
        if (found != items.end()) return refuse(&found->second);
        write(body, items[key]);
    } else {
        if (found == items.end()) return refuse(nullptr);
        if (!holds(body, found->second)) return refuse(&found->second);
        write(body, found->second);
    }
    return aws_answer(200, {{"Attributes", items.at(key)}}, clock_.wall());
}

http::Response Table::refuse(const Json* item) const {
    Json more = Json::object();
    if (item != nullptr) more["Item"] = *item;
    return aws_error(400, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                     clock_.wall(), more);
}

http::Response Table::query(const Json& body) const {
    const std::string address = *dynamodb::read_text(body.at("ExpressionAttributeValues"), ":pkh");
    const std::string after =
        body.contains("ExclusiveStartKey") ? key_of(body.at("ExclusiveStartKey")).second : "";
    Json answer = {{"Items", Json::array()}};
    for (const auto& [key, item] : items) {
        if (key.first != address || key.second <= after) continue;
        if (answer["Items"].size() == page) {
            const Json& last = answer["Items"].back();
            answer["LastEvaluatedKey"] = {{"pkh", last.at("pkh")}, {"scope", last.at("scope")}};
            break;
        }
        answer["Items"].push_back(item);
    }
    return aws_answer(200, answer, clock_.wall());
}

}  // namespace redoubt::test
