// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <redoubt/aws/kms/kms.hpp>

#include "checks.hpp"
#include "kms_key.hpp"
#include "policy.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

constexpr std::array of_a_key = {Expectation{Check::KeyUsage, "KeyUsage", "SIGN_VERIFY"},
                                 Expectation{Check::KeyState, "KeyState", "Enabled"},
                                 Expectation{Check::KeyOrigin, "Origin", "AWS_KMS"}};

}  // namespace

KeyCheck::KeyCheck(const Context& context, std::size_t position, Questions& questions)
    : arn_(context.key_arns[position]), key_(context.consensus_keys[position]) {
    const auto ask = [&](const char* operation, std::string body) {
        return questions.add(context.kms, operation, std::move(body), std::string(no_such_key));
    };
    description_ = ask("DescribeKey", key_body(arn_));
    public_key_ = ask("GetPublicKey", key_body(arn_));
    policy_ = ask("GetKeyPolicy", key_policy_body(arn_));
    grants_ = ask("ListGrants", key_body(arn_));
}

void KeyCheck::judge(const Questions& questions, Report& report) const {
    const std::string& of = key_.address;
    const aws::Reply* described = questions.answer(description_, of, report);
    bool is_usable = false;
    if (described != nullptr) {
        const bool is_gone = !described->error.empty();
        report.add(Check::KeyExists, of, is_gone, "KMS does not know ", arn_);
        if (is_gone) return;
        is_usable = judge_description(object_in(described->body, "KeyMetadata"), report);
    }
    // KMS tells no public key of one that is disabled.
    if (is_usable) {
        const auto* reply = questions.answer(public_key_, of, report);
        if (reply != nullptr) judge_public_key(*reply, report);
    }
    const auto* policy = questions.answer(policy_, of, report);
    if (policy != nullptr) judge_policy(text_in(policy->body, "Policy"), report);
    const auto* grants = questions.answer(grants_, of, report);
    if (grants == nullptr) return;
    report.add(Check::KeyGrants, of, has_grants(*grants), "others have grants");
}

bool KeyCheck::judge_description(const Json& key, Report& report) const {
    const std::string spec = text_in(key, "KeySpec");
    const bool is_malleable = spec == "ECC_NIST_P256";
    const bool is_known =
        is_malleable || spec == "ECC_SECG_P256K1" || spec == "ECC_NIST_EDWARDS25519";
    const std::string& of = key_.address;
    report.add(Check::KeySpec, of, !is_known, "Tezos has no keys of ", spec);
    report.expect(of, key, of_a_key);
    report.add(Check::KeyMalleable, of, is_malleable, "is a P-256 key (tz3)");
    report.add_list(Check::KeyReplicas, of, "signs as well as", other_regions(key, arn_));
    return is_known && text_in(key, "KeyUsage") == "SIGN_VERIFY" &&
           text_in(key, "KeyState") == "Enabled";
}

void KeyCheck::judge_public_key(const aws::Reply& reply, Report& report) const {
    const auto arn = aws::parse_key_arn(arn_);
    const auto found = arn ? aws::kms::read_public_key(reply, *arn)
                           : Result<crypto::PublicKey>(fail(Code::KmsRefused, arn_));
    report.add(Check::KeyPublic, key_.address, !found || *found != key_.public_key,
               "KMS has another key");
}

void KeyCheck::judge_policy(std::string_view policy, Report& report) const {
    const std::string& of = key_.address;
    const auto signers = who_may(policy, "kms:Sign", arn_);
    if (!signers) return report.add(Check::NotSeen, of, true, "the key's policy can't be read");
    const bool is_role =
        signers->size() == 1 && signers->front().is_one && signers->front().name.contains(":role/");
    report.add(Check::KeySigners, of, !is_role, "may sign:", list_principals(*signers, false));
    report.add_list(Check::KeyGranters, of, "may let others sign:",
                    list_principals(*who_may(policy, "kms:CreateGrant", arn_), false));
    report.add_list(Check::KeyChangers, of, "may change it:", wide_changers(policy, arn_));
}

}  // namespace redoubt::tezos_operator::doctor
