// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "checks.hpp"
#include "policy.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

constexpr std::array<const char*, 7> writes = {"UpdateItem",     "PutItem",       "DeleteItem",
                                               "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate",
                                               "PartiQLDelete"};
constexpr std::array<const char*, 2> sealed = {"PutResourcePolicy", "DeleteResourcePolicy"};

/// A member of a member; null if there is none.
Json inner(const Json& value, std::string_view outer, std::string_view name) {
    const Json* object = member(value, outer);
    const Json* found = object == nullptr ? nullptr : member(*object, name);
    return found == nullptr ? Json() : *found;
}

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

/// Actions that the policy leaves to whomever IAM lets.
template <std::size_t size>
std::string left_open(const std::string& policy, const std::array<const char*, size>& actions) {
    std::string list;
    for (const char* action : actions) {
        const auto who = who_may(policy, std::string("dynamodb:") + action, {{"by IAM", false}});
        if (!who || !list_wide(*who).empty()) list += std::string(" ") + action;
    }
    return list.empty() ? list : "its policy leaves to whomever IAM lets:" + list;
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
    const auto* described = questions.answer(description_, of, report);
    if (described != nullptr) {
        const bool is_gone = !described->error.empty();
        report.add_if(Check::TableExists, of, is_gone, "there is no such table");
        if (is_gone) return false;
        const Json* found = member(described->body, "Table");
        const Json table = found == nullptr ? Json() : *found;
        judge_description(table, report);
        judge_settings(table, report);
        const std::string arn = text_in(table, "TableArn");
        policy_ =
            questions.add(context_.dynamodb, "GetResourcePolicy",
                          ObjectText().add("ResourceArn", arn).text(), "PolicyNotFoundException");
    }
    if (const auto* told = questions.answer(backups_, of, report)) {
        const Json backups =
            inner(told->body, "ContinuousBackupsDescription", "PointInTimeRecoveryDescription");
        report.add(Check::TableRecovery, of,
                   unless(text_in(backups, "PointInTimeRecoveryStatus"), "ENABLED"));
    }
    if (const auto* told = questions.answer(expiry_, of, report)) {
        const Json status = inner(told->body, "TimeToLiveDescription", "TimeToLiveStatus");
        report.add_if(Check::TableExpiry, of, status != "DISABLED", "time to live is on");
    }
    return true;
}

void TableCheck::judge_description(const Json& table, Report& report) const {
    const std::string& of = context_.table;
    const auto region = context_.variables.find("AWS_REGION");
    const std::string arn = text_in(table, "TableArn");
    const bool is_here =
        region == context_.variables.end() || arn.contains(":dynamodb:" + region->second + ":");
    report.add(Check::TableState, of, unless(text_in(table, "TableStatus"), "ACTIVE"));
    report.add_if(Check::TableRegion, of, !is_here, "is " + arn);
    report.add_if(Check::TableKeys, of, !has_keys(table), "its keys are not pkh and scope");
    const Json billing = inner(table, "BillingModeSummary", "BillingMode");
    report.add_if(Check::TableBilling, of, billing != "PAY_PER_REQUEST",
                  "is provisioned: writes beyond its capacity are refused");
}

void TableCheck::judge_settings(const Json& table, Report& report) const {
    const std::string& of = context_.table;
    const Json* is_protected = member(table, "DeletionProtectionEnabled");
    report.add_if(Check::TableProtection, of, is_protected == nullptr || *is_protected != true,
                  "deletion protection is off");
    const Json* replicas = member(table, "Replicas");
    const bool has_replicas = replicas != nullptr && !replicas->empty();
    report.add_if(Check::TableReplicas, of,
                  has_replicas && text_in(table, "MultiRegionConsistency") != "STRONG",
                  "has replicas that are not strongly consistent (MREC)");
    const Json encryption = inner(table, "SSEDescription", "Status");
    report.add_if(Check::TableEncryption, of, !encryption.is_null() && encryption != "DISABLED",
                  "is encrypted under a KMS key");
    report.add_if(Check::TableRestored, of, member(table, "RestoreSummary") != nullptr,
                  "was restored from a backup");
}

void TableCheck::judge_policy(const Questions& questions, Report& report) const {
    if (!policy_) return;
    const std::string& of = context_.table;
    const auto* told = questions.answer(*policy_, of, report);
    if (told == nullptr) return;
    if (!told->error.empty()) {
        report.add(Check::TableWriters, of, "has no policy: whomever IAM lets may write");
        return;
    }
    const std::string policy = text_in(told->body, "Policy");
    report.add(Check::TableWriters, of, left_open(policy, writes));
    report.add(Check::TableSeal, of, left_open(policy, sealed));
}

}  // namespace redoubt::tezos_operator::doctor
