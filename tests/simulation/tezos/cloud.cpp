// SPDX-License-Identifier: Apache-2.0
#include "cloud.hpp"

#include <algorithm>

#include <fakes/aws_answer.hpp>
#include <redoubt/base/encoding.hpp>
#include <standins/aws_exception.hpp>

namespace redoubt::simulation::tezos {
namespace {

using test::aws_answer;

std::int64_t number(const Json& item, const std::string& name) {
    return std::stoll(item.at(name).at("N").get_ref<const std::string&>());
}

std::string text_or_empty(const Json& item, const std::string& name, const char* type) {
    const Json* attribute = member(item, name);
    const std::string* value = attribute == nullptr ? nullptr : string_member(*attribute, type);
    return value == nullptr ? std::string() : *value;
}

std::size_t table_of(const Json& body) {
    const auto named = std::ranges::find(table_names, body.at("TableName").get<std::string>());
    return static_cast<std::size_t>(named - table_names.begin());
}

Json key_of(const std::string& scope) {
    const std::size_t space = scope.find(' ');
    return {{"pkh", {{"S", scope.substr(0, space)}}}, {"scope", {{"S", scope.substr(space + 1)}}}};
}

}  // namespace

std::string scope_of(const Json& item) {
    return item.at("pkh").at("S").get<std::string>() + " " +
           item.at("scope").at("S").get<std::string>();
}

Cloud::Cloud(Fixtures& fixtures) : fixtures_(fixtures) {
    for (const char* name : table_names) standins::create_watermarks(tables_, name);
}

Reply Cloud::update(const Json& body, WallTime now) {
    try {
        const Json answer = tables_.operate("UpdateItem", body);
        const Json& row = answer.at("Attributes");
        // A commit names a digest; whoever writes none is an operator.
        wrote({table_of(body), scope_of(row)}, row,
              !body.at("ExpressionAttributeValues").contains(":d"));
        return {aws_answer(200, answer, now), row};
    } catch (const standins::AwsException& error) {
        Json refusal = {{"__type", "com.amazonaws.dynamodb.v20120810#" + error.type},
                        {"message", error.message}};
        refusal.update(error.more);
        Reply reply{aws_answer(error.status, refusal, now)};
        if (const Json* row = member(refusal, "Item")) reply.row = *row;
        return reply;
    }
}

Reply Cloud::read(const std::string& operation, const Json& body, WallTime now) {
    return {aws_answer(200, tables_.operate(operation, body), now)};
}

Reply Cloud::sign(const Json& body, WallTime now, unsigned variant) const {
    const std::string arn = body.at("KeyId").get<std::string>();
    const auto bytes = from_base64(body.at("Message").get_ref<const std::string&>()).value();
    redoubt::tezos::Digest digest{};
    std::ranges::copy(bytes, digest.begin());
    const auto& arns = fixtures_.arn_texts();
    const auto key = static_cast<std::size_t>(std::ranges::find(arns, arn) - arns.begin());
    return {aws_answer(200,
                       {{"KeyId", arn},
                        {"SigningAlgorithm", body.at("SigningAlgorithm")},
                        {"Signature", to_base64(fixtures_.sign(key, digest, variant))}},
                       now)};
}

std::optional<Json> Cloud::item(const RowName& name) {
    Json answer = tables_.operate(
        "GetItem", {{"TableName", table_names.at(name.table)}, {"Key", key_of(name.scope)}});
    if (!answer.contains("Item")) return std::nullopt;
    return std::move(answer["Item"]);
}

void Cloud::put(std::size_t table, const Json& item) {
    static_cast<void>(
        tables_.operate("PutItem", {{"TableName", table_names.at(table)}, {"Item", item}}));
}

std::optional<Row> row_of(const Json& item) {
    for (const char* attribute : {"lvl", "rnd", "pace", "until"}) {
        if (!item.contains(attribute) && attribute == std::string_view("until")) continue;
        if (!item.contains(attribute) || !item[attribute].contains("N")) return std::nullopt;
    }
    const bool is_limited = item.contains("until");
    return Row{.at = {number(item, "lvl"), number(item, "rnd")},
               .digest = text_or_empty(item, "digest", "B"),
               .signature = text_or_empty(item, "sig", "S"),
               .pace = number(item, "pace"),
               .until = is_limited ? std::optional(number(item, "until")) : std::nullopt};
}

}  // namespace redoubt::simulation::tezos
