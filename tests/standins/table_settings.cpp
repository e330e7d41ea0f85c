// SPDX-License-Identifier: Apache-2.0
#include "table_settings.hpp"

#include <algorithm>
#include <array>

#include "aws_exception.hpp"
#include "item_call.hpp"

namespace redoubt::standins {
namespace {

constexpr std::array<std::string_view, 6> operations = {
    "DescribeTimeToLive", "DescribeContinuousBackups", "UpdateContinuousBackups",
    "PutResourcePolicy",  "GetResourcePolicy",         "DeleteResourcePolicy"};

Json backups(bool recovers) {
    return {{"ContinuousBackupsDescription",
             {{"ContinuousBackupsStatus", "ENABLED"},
              {"PointInTimeRecoveryDescription",
               {{"PointInTimeRecoveryStatus", recovers ? "ENABLED" : "DISABLED"}}}}}};
}

AwsException no_policy() {
    return {.type = "PolicyNotFoundException", .message = "Resource-based policy not found"};
}

}  // namespace

bool TableSettings::has(std::string_view operation) {
    return std::ranges::find(operations, operation) != operations.end();
}

Json TableSettings::operate(std::string_view operation, const Json& call,
                            const std::string& table) {
    if (operation == "DescribeTimeToLive") {
        return Json{{"TimeToLiveDescription", {{"TimeToLiveStatus", "DISABLED"}}}};
    }
    const std::scoped_lock lock(mutex_);
    Settings& settings = settings_[table];
    if (operation == "DescribeContinuousBackups") return backups(settings.recovers);
    if (operation == "UpdateContinuousBackups") {
        settings.recovers = required(call, "PointInTimeRecoverySpecification")
                                .value("PointInTimeRecoveryEnabled", false);
        return backups(settings.recovers);
    }
    if (operation == "PutResourcePolicy") {
        settings.policy = text_of_field(required(call, "Policy"), "Policy");
        return Json{{"RevisionId", "1"}};
    }
    if (!settings.policy) throw no_policy();
    Json answer = {{"RevisionId", "1"}};
    if (operation == "GetResourcePolicy") {
        answer["Policy"] = *settings.policy;
    } else {
        settings.policy.reset();
    }
    return answer;
}

bool TableSettings::is_protected(const std::string& table) const {
    const std::scoped_lock lock(mutex_);
    const auto found = settings_.find(table);
    return found != settings_.end() && found->second.is_protected;
}

void TableSettings::protect(const std::string& table, const Json& call) {
    const Json* wanted = member(call, "DeletionProtectionEnabled");
    if (wanted == nullptr) return;
    const std::scoped_lock lock(mutex_);
    settings_[table].is_protected = *wanted == true;
}

}  // namespace redoubt::standins
