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
    const std::string name = body.at("TableName");
    standins::DynamoDb one_row;
    create_watermarks(one_row, name);
    if (found != items.end()) {
        static_cast<void>(
            one_row.operate("PutItem", {{"TableName", name}, {"Item", found->second}}));
    }
    try {
        items[key] = one_row.operate("UpdateItem", body).at("Attributes");
    } catch (const standins::AwsException& refusal) {
        return aws_error(refusal.status, "com.amazonaws.dynamodb.v20120810#" + refusal.type,
                         clock_.wall(), refusal.more);
    }
    return aws_answer(200, {{"Attributes", items.at(key)}}, clock_.wall());
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
