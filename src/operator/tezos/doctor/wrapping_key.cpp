// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "checks.hpp"
#include "kms_key.hpp"
#include "policy.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

constexpr std::array of_a_wrapping_key = {
    Expectation{Check::WrappingUsage, "KeyUsage", "ENCRYPT_DECRYPT"},
    Expectation{Check::WrappingUsage, "KeySpec", "SYMMETRIC_DEFAULT"},
    Expectation{Check::WrappingState, "KeyState", "Enabled"}};

/// The signer's role, and recovery's.
constexpr std::size_t most_openers = 2;

}  // namespace

WrappingKeyCheck::WrappingKeyCheck(const Context& context, const aws::KeyArn& arn,
                                   Questions& questions)
    : arn_(arn.text) {
    const auto ask = [&](const char* operation, std::string body) {
        return questions.add(context.wrapping_kms.in(arn), operation, std::move(body),
                             std::string(no_such_key));
    };
    description_ = ask("DescribeKey", key_body(arn_));
    policy_ = ask("GetKeyPolicy", key_policy_body(arn_));
    grants_ = ask("ListGrants", key_body(arn_));
}

void WrappingKeyCheck::judge(const Questions& questions, Report& report) const {
    if (const auto* described = questions.answer(description_, arn_, report)) {
        const bool is_gone = !described->error.empty();
        report.add(Check::WrappingExists, arn_, is_gone, "KMS does not know it");
        if (is_gone) return;
        judge_description(object_in(described->body, "KeyMetadata"), report);
    }
    if (const auto* policy = questions.answer(policy_, arn_, report)) {
        judge_policy(text_in(policy->body, "Policy"), report);
    }
    if (const auto* grants = questions.answer(grants_, arn_, report)) {
        report.add(Check::WrappingGrants, arn_, has_grants(*grants), "others have grants");
    }
}

void WrappingKeyCheck::judge_description(const Json& key, Report& report) const {
    report.expect(arn_, key, of_a_wrapping_key);
    report.add_list(Check::WrappingReplicas, arn_, "opens as well as", other_regions(key, arn_));
}

void WrappingKeyCheck::judge_policy(std::string_view policy, Report& report) const {
    const auto openers = who_may(policy, "kms:Decrypt", arn_);
    if (!openers) return report.add(Check::NotSeen, arn_, true, "the key's policy can't be read");
    const bool are_roles = std::ranges::all_of(
        *openers, [](const Principal& one) { return one.is_one && one.name.contains(":role/"); });
    const bool is_well = are_roles && !openers->empty() && openers->size() <= most_openers;
    report.add(Check::WrappingOpeners, arn_, !is_well,
               "may open:", list_principals(*openers, false));
    report.add_list(Check::WrappingGranters, arn_, "may let others open:",
                    list_principals(*who_may(policy, "kms:CreateGrant", arn_), false));
    report.add_list(Check::WrappingChangers, arn_, "may change it:", wide_changers(policy, arn_));
}

}  // namespace redoubt::tezos_operator::doctor
