// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include <stdexcept>

#include <standins/aws_exception.hpp>
#include <standins/dynamodb.hpp>

namespace redoubt::test {
namespace {

namespace dynamodb = aws::dynamodb;

std::pair<std::string, std::string> key_of(const Json& attributes) {
    return {*dynamodb::read_text(attributes, "pkh"), *dynamodb::read_text(attributes, "scope")};
}

}  // namespace

bool Table::is_about_items(std::string_view operation) {
    return operation == "UpdateItem" || operation == "PutItem" || operation == "Query" ||
           operation == "Scan" || operation == "BatchGetItem";
}

http::ResponseOrError Table::answer(const http::ClientRequest& call) {
    const Json body = body_of(call);
    const std::string target = header_of(call, "X-Amz-Target");
    const std::string operation = target.substr(target.find('.') + 1);
    if (operation == "UpdateItem") return write(operation, body, key_of(body.at("Key")));
    if (operation == "PutItem") return write(operation, body, key_of(body.at("Item")));
    if (operation == "Query") {
        return read(body, *dynamodb::read_text(body.at("ExpressionAttributeValues"), ":pkh"));
    }
    if (operation == "Scan") return read(body, "");
    if (operation == "BatchGetItem") return batch_get(body);
    throw std::runtime_error("a table is not asked to " + target);
}

http::Response Table::write(const std::string& operation, const Json& body,
                            const std::pair<std::string, std::string>& key) {
    const auto found = items.find(key);
    const std::string name = body.at("TableName");
    standins::DynamoDb one_row;
    create_watermarks(one_row, name);
    if (found != items.end()) {
        static_cast<void>(
            one_row.operate("PutItem", {{"TableName", name}, {"Item", found->second}}));
    }
    Json answer;
    try {
        answer = one_row.operate(operation, body);
    } catch (const standins::AwsException& refusal) {
        return aws_error(refusal.status, "com.amazonaws.dynamodb.v20120810#" + refusal.type,
                         clock_.wall(), refusal.more);
    }
    items[key] = operation == "PutItem" ? body.at("Item") : answer.at("Attributes");
    return aws_answer(200, answer, clock_.wall());
}

http::Response Table::read(const Json& body, const std::string& address) const {
    const auto after = body.contains("ExclusiveStartKey") ? key_of(body.at("ExclusiveStartKey"))
                                                          : std::pair<std::string, std::string>();
    Json answer = {{"Items", Json::array()}};
    for (const auto& [key, item] : items) {
        if ((!address.empty() && key.first != address) || key <= after) continue;
        if (answer["Items"].size() == page) {
            const Json& last = answer["Items"].back();
            answer["LastEvaluatedKey"] = {{"pkh", last.at("pkh")}, {"scope", last.at("scope")}};
            break;
        }
        answer["Items"].push_back(item);
    }
    return aws_answer(200, answer, clock_.wall());
}

http::Response Table::batch_get(const Json& body) const {
    Json answer = {{"Responses", Json::object()}, {"UnprocessedKeys", Json::object()}};
    for (const auto& [name, asked] : body.at("RequestItems").items()) {
        Json& found = answer["Responses"][name] = Json::array();
        for (const Json& key : asked.at("Keys")) {
            if (const auto item = items.find(key_of(key)); item != items.end()) {
                found.push_back(item->second);
            }
        }
    }
    return aws_answer(200, answer, clock_.wall());
}

}  // namespace redoubt::test
