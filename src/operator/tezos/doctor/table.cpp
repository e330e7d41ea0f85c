// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>

#include "checks.hpp"
#include "policy.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

constexpr std::array<const char*, 7> writes = {"UpdateItem",     "PutItem",       "DeleteItem",
                                               "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate",
                                               "PartiQLDelete"};
constexpr std::array<const char*, 2> sealed = {"PutResourcePolicy", "DeleteResourcePolicy"};

constexpr std::array state = {Expectation{Check::TableState, "TableStatus", "ACTIVE"}};
constexpr std::array billing = {Expectation{Check::TableBilling, "BillingMode", "PAY_PER_REQUEST"}};
constexpr std::array recovery = {
    Expectation{Check::TableRecovery, "PointInTimeRecoveryStatus", "ENABLED"}};
constexpr std::array expiry = {Expectation{Check::TableExpiry, "TimeToLiveStatus", "DISABLED"}};

/// Whether a list has an object with just these two texts among its members.
bool lists(const Json& value, std::string_view list, std::string_view first, std::string_view is,
           std::string_view second, std::string_view is_too) {
    const Json* found = member(value, list);
    return found != nullptr && found->is_array() && found->size() == 2 &&
           std::ranges::any_of(*found, [&](const Json& one) {
               return text_in(one, first) == is && text_in(one, second) == is_too;
           });
}

bool has_keys(const Json& table) {
    return lists(table, "KeySchema", "AttributeName", "pkh", "KeyType", "HASH") &&
           lists(table, "KeySchema", "AttributeName", "scope", "KeyType", "RANGE") &&
           lists(table, "AttributeDefinitions", "AttributeName", "pkh", "AttributeType", "S") &&
           lists(table, "AttributeDefinitions", "AttributeName", "scope", "AttributeType", "S");
}

/// Actions that the policy of a table leaves to whomever IAM lets.
std::string left_open(std::string_view policy, std::string_view table,
                      std::span<const char* const> actions) {
    std::string list;
    for (const char* action : actions) {
        const auto who =
            who_may(policy, std::string("dynamodb:") + action, table, {{"by IAM", false}});
        if (!who || !list_principals(*who, true).empty()) list.append(" ").append(action);
    }
    return list;
}

}  // namespace

TableCheck::TableCheck(const Context& context, Questions& questions) : context_(context) {
    const std::string body = ObjectText().add("TableName", context.table).text();
    const auto ask = [&](const char* operation, const char* no_such_table) {
        return questions.add(context.dynamodb, operation, body, no_such_table);
    };
    description_ = ask("DescribeTable", "ResourceNotFoundException");
    backups_ = ask("DescribeContinuousBackups", "TableNotFoundException");
    expiry_ = ask("DescribeTimeToLive", "ResourceNotFoundException");
}

bool TableCheck::judge(Questions& questions, Report& report) {
    const std::string& of = context_.table;
    if (const auto* described = questions.answer(description_, of, report)) {
        const bool is_gone = !described->error.empty();
        report.add(Check::TableExists, of, is_gone, "there is no such table");
        if (is_gone) return false;
        const Json& table = object_in(described->body, "Table");
        arn_ = text_in(table, "TableArn");
        judge_description(table, report);
        policy_ =
            questions.add(context_.dynamodb, "GetResourcePolicy",
                          ObjectText().add("ResourceArn", arn_).text(), "PolicyNotFoundException");
    }
    if (const auto* told = questions.answer(backups_, of, report)) {
        report.expect(of,
                      object_in(object_in(told->body, "ContinuousBackupsDescription"),
                                "PointInTimeRecoveryDescription"),
                      recovery);
    }
    if (const auto* told = questions.answer(expiry_, of, report)) {
        report.expect(of, object_in(told->body, "TimeToLiveDescription"), expiry);
    }
    return true;
}

void TableCheck::judge_description(const Json& table, Report& report) const {
    const std::string& of = context_.table;
    const auto region = context_.variables.find("AWS_REGION");
    const std::string arn = text_in(table, "TableArn");
    const bool is_here =
        region == context_.variables.end() || arn.contains(":dynamodb:" + region->second + ":");
    report.expect(of, table, state);
    report.add(Check::TableRegion, of, !is_here, "is ", arn);
    report.add(Check::TableKeys, of, !has_keys(table), "its keys are not pkh and scope");
    report.expect(of, object_in(table, "BillingModeSummary"), billing);
    report.add(Check::TableProtection, of, object_in(table, "DeletionProtectionEnabled") != true,
               "deletion protection is off");
    report.add(Check::TableReplicas, of,
               !object_in(table, "Replicas").empty() &&
                   text_in(table, "MultiRegionConsistency") != "STRONG",
               "has replicas that are not strongly consistent (MREC)");
    const std::string encryption = text_in(object_in(table, "SSEDescription"), "Status");
    report.add(Check::TableEncryption, of, !encryption.empty() && encryption != "DISABLED",
               "is encrypted under a KMS key");
    report.add(Check::TableRestored, of, member(table, "RestoreSummary") != nullptr,
               "was restored from a backup");
}

void TableCheck::judge_policy(const Questions& questions, Report& report) const {
    if (!policy_) return;
    const std::string& of = context_.table;
    const auto* told = questions.answer(*policy_, of, report);
    if (told == nullptr) return;
    const std::string policy = text_in(told->body, "Policy");
    report.add_list(Check::TableWriters, of,
                    "left to whomever IAM lets:", left_open(policy, arn_, writes));
    // Without any policy, that is said.
    if (told->error.empty()) {
        report.add_list(Check::TableSeal, of,
                        "left to whomever IAM lets:", left_open(policy, arn_, sealed));
    }
}

}  // namespace redoubt::tezos_operator::doctor
