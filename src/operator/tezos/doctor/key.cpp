// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <redoubt/aws/kms/kms.hpp>

#include "checks.hpp"
#include "policy.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

constexpr std::string_view no_such_key = "NotFoundException";
constexpr std::string_view malleable = "ECC_NIST_P256";

/// Where else the key is: `MultiRegionConfiguration` names all Regions.
std::string other_regions(const Json& key, std::string_view arn) {
    const Json* config = member(key, "MultiRegionConfiguration");
    if (config == nullptr) return {};
    std::string list;
    const auto look = [&](const Json& one) {
        const std::string other = text_in(one, "Arn");
        if (!other.empty() && other != arn) list += (list.empty() ? "" : ", ") + other;
    };
    if (const Json* primary = member(*config, "PrimaryKey")) look(*primary);
    const Json* replicas = member(*config, "ReplicaKeys");
    if (replicas != nullptr && replicas->is_array()) std::ranges::for_each(*replicas, look);
    return list.empty() ? list : "signs as " + list + " too";
}

std::string to_body(const std::string& arn, std::string_view more = {},
                    std::string_view value = {}) {
    ObjectText body;
    body.add("KeyId", arn);
    if (!more.empty()) body.add(more, value);
    return body.text();
}

}  // namespace

KeyCheck::KeyCheck(const Context& context, std::size_t position, Questions& questions)
    : arn_(context.key_arns[position]), key_(context.consensus_keys[position]) {
    const auto ask = [&](const char* operation, std::string body) {
        return questions.add(context.kms, operation, std::move(body), std::string(no_such_key));
    };
    description_ = ask("DescribeKey", to_body(arn_));
    public_key_ = ask("GetPublicKey", to_body(arn_));
    policy_ = ask("GetKeyPolicy", to_body(arn_, "PolicyName", "default"));
    grants_ = ask("ListGrants", to_body(arn_));
}

void KeyCheck::judge(const Questions& questions, Report& report) const {
    const aws::Reply* described = questions.answer(description_, key_.address, report);
    bool is_usable = false;
    if (described != nullptr) {
        const bool is_gone = !described->error.empty();
        report.add_if(Check::KeyExists, key_.address, is_gone, "there is no key " + arn_);
        if (is_gone) return;
        const Json* metadata = member(described->body, "KeyMetadata");
        is_usable = judge_description(metadata == nullptr ? Json() : *metadata, report);
    }
    // KMS tells no public key of one that is disabled.
    if (is_usable) {
        const auto* reply = questions.answer(public_key_, key_.address, report);
        if (reply != nullptr) judge_public_key(*reply, report);
    }
    const auto* policy = questions.answer(policy_, key_.address, report);
    if (policy != nullptr) judge_policy(*policy, report);
    const auto* grants = questions.answer(grants_, key_.address, report);
    if (grants == nullptr) return;
    const Json* list = member(grants->body, "Grants");
    report.add_if(
        Check::KeyGrants, key_.address, list == nullptr || !list->is_array() || !list->empty(),
        "others have grants: " + (list == nullptr ? "unreadable" : dump(*list)).substr(0, 400));
}

bool KeyCheck::judge_description(const Json& key, Report& report) const {
    const std::string spec = text_in(key, "KeySpec");
    const std::string state = text_in(key, "KeyState");
    const std::string usage = text_in(key, "KeyUsage");
    const bool is_known =
        spec == malleable || spec == "ECC_SECG_P256K1" || spec == "ECC_NIST_EDWARDS25519";
    const std::string& of = key_.address;
    report.add_if(Check::KeySpec, of, !is_known, "is " + spec + ", of which Tezos has no keys");
    report.add(Check::KeyUsage, of, unless(usage, "SIGN_VERIFY"));
    report.add(Check::KeyState, of, unless(state, "Enabled"));
    report.add(Check::KeyOrigin, of, unless(text_in(key, "Origin"), "AWS_KMS"));
    report.add_if(Check::KeyMalleable, of, spec == malleable, "is a P-256 key (tz3)");
    report.add(Check::KeyReplicas, of, other_regions(key, arn_));
    return is_known && usage == "SIGN_VERIFY" && state == "Enabled";
}

void KeyCheck::judge_public_key(const aws::Reply& reply, Report& report) const {
    const auto arn = aws::parse_key_arn(arn_);
    const auto found = arn ? aws::kms::read_public_key(reply, *arn)
                           : Result<crypto::PublicKey>(fail(Code::KmsRefused, arn_));
    const bool is_same = found && *found == key_.public_key;
    report.add_if(Check::KeyPublic, key_.address, !is_same,
                  "KMS has " + (found ? tezos::KeyInfo(*found).address : found.error().message));
}

void KeyCheck::judge_policy(const aws::Reply& reply, Report& report) const {
    const std::string text = text_in(reply.body, "Policy");
    const std::string& of = key_.address;
    const auto signers = who_may(text, "kms:Sign");
    if (!signers) {
        report.add(Check::NotSeen, of, "the key's policy can't be read");
        return;
    }
    const bool is_role =
        signers->size() == 1 && signers->front().is_one && signers->front().name.contains(":role/");
    report.add_if(Check::KeySigners, of, !is_role,
                  signers->empty() ? "nobody may sign" : "may sign: " + list_principals(*signers));
    const std::string granters =
        list_principals(who_may(text, "kms:CreateGrant").value_or(std::vector<Principal>()));
    report.add_if(Check::KeyGranters, of, !granters.empty(), "may let others sign: " + granters);
    std::string changers;
    for (const char* action : {"kms:PutKeyPolicy", "kms:ReplicateKey"}) {
        const std::string wide = list_wide(*who_may(text, action));
        if (!wide.empty()) changers += std::string(action) + ": " + wide + "; ";
    }
    report.add(Check::KeyChangers, of, changers);
}

}  // namespace redoubt::tezos_operator::doctor
