// SPDX-License-Identifier: Apache-2.0
#include "account.hpp"

#include <algorithm>
#include <stdexcept>

#include <redoubt/base/encoding.hpp>

#include <standins/policies.hpp>

namespace redoubt::test {
namespace {

constexpr const char* account_number = "111122223333";

struct Refusal {
    std::string code;
};

Json described_table(const std::string& name) {
    const auto named = [](const char* attribute, const char* as, const char* is) {
        return Json{{"AttributeName", attribute}, {as, is}};
    };
    return {{"TableName", name},
            {"TableStatus", "ACTIVE"},
            {"TableArn", "arn:aws:dynamodb:eu-west-1:111122223333:table/" + name},
            {"KeySchema", {named("pkh", "KeyType", "HASH"), named("scope", "KeyType", "RANGE")}},
            {"AttributeDefinitions",
             {named("pkh", "AttributeType", "S"), named("scope", "AttributeType", "S")}},
            {"BillingModeSummary", {{"BillingMode", "PAY_PER_REQUEST"}}},
            {"DeletionProtectionEnabled", true}};
}

std::string spec_of(tezos::SignatureScheme scheme) {
    switch (scheme) {
        case tezos::SignatureScheme::Ed25519: return "ECC_NIST_EDWARDS25519";
        case tezos::SignatureScheme::Secp256k1: return "ECC_SECG_P256K1";
        case tezos::SignatureScheme::P256: return "ECC_NIST_P256";
        case tezos::SignatureScheme::Bls12381: break;  // no key of KMS has it
    }
    return "";
}

}  // namespace

std::string account_key_arn(std::size_t position) {
    return "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-12345678900" +
           std::to_string(position);
}

AccountKey sound_wrapping_key(std::size_t position) {
    const std::string arn = account_key_arn(position);
    return {.arn = arn,
            .spki = {},
            .metadata = {{"Arn", arn},
                         {"KeyState", "Enabled"},
                         {"KeyUsage", "ENCRYPT_DECRYPT"},
                         {"KeySpec", "SYMMETRIC_DEFAULT"},
                         {"Origin", "AWS_KMS"},
                         {"MultiRegion", false}},
            .policy = standins::sound_wrapping_key_policy(account_number)};
}

AccountSettings sound_account(const std::vector<SecretKey>& keys, const std::string& table) {
    AccountSettings settings;
    for (const SecretKey& key : keys) {
        const std::string arn = account_key_arn(settings.keys.size());
        settings.keys.push_back({.arn = arn,
                                 .spki = to_base64(key.spki()),
                                 .metadata = {{"Arn", arn},
                                              {"KeyState", "Enabled"},
                                              {"KeyUsage", "SIGN_VERIFY"},
                                              {"KeySpec", spec_of(key.scheme())},
                                              {"Origin", "AWS_KMS"},
                                              {"MultiRegion", false}},
                                 .policy = standins::sound_key_policy(account_number)});
    }
    settings.table = described_table(table);
    settings.table_policy = standins::sound_table_policy(account_number);
    return settings;
}

http::ResponseOrError Account::answer(const http::ClientRequest& call) {
    const std::string target = header_of(call, "X-Amz-Target");
    const std::string operation = target.substr(target.find('.') + 1);
    if (settings.refused.contains(operation)) {
        return aws_error(400, "AccessDeniedException", clock_.wall());
    }
    if (Table::is_about_items(operation)) return table.answer(call);
    try {
        const bool is_kms = target.starts_with("TrentService.");
        return aws_answer(200, is_kms ? kms(operation, body_of(call)) : dynamodb(operation),
                          clock_.wall());
    } catch (const Refusal& refusal) {
        return aws_error(400, refusal.code, clock_.wall());
    }
}

Json Account::kms(const std::string& operation, const Json& body) const {
    const auto key =
        std::ranges::find(settings.keys, body.at("KeyId").get<std::string>(), &AccountKey::arn);
    if (key == settings.keys.end()) throw Refusal{"NotFoundException"};
    if (operation == "DescribeKey") return {{"KeyMetadata", key->metadata}};
    if (operation == "GetKeyPolicy") return {{"Policy", key->policy}, {"PolicyName", "default"}};
    if (operation == "ListGrants") return {{"Grants", key->grants}, {"Truncated", false}};
    if (operation != "GetPublicKey") throw std::runtime_error("KMS is not asked to " + operation);
    if (key->metadata.at("KeyState") != "Enabled") throw Refusal{"DisabledException"};
    return {
        {"KeyId", key->arn}, {"KeyUsage", key->metadata.at("KeyUsage")}, {"PublicKey", key->spki}};
}

Json Account::dynamodb(const std::string& operation) const {
    const bool is_backups = operation == "DescribeContinuousBackups";
    if (!settings.table) {
        throw Refusal{is_backups ? "TableNotFoundException" : "ResourceNotFoundException"};
    }
    if (operation == "DescribeTable") return {{"Table", *settings.table}};
    if (operation == "DescribeTimeToLive") {
        return {{"TimeToLiveDescription", {{"TimeToLiveStatus", settings.expiry}}}};
    }
    if (is_backups) {
        return {{"ContinuousBackupsDescription",
                 {{"ContinuousBackupsStatus", "ENABLED"},
                  {"PointInTimeRecoveryDescription",
                   {{"PointInTimeRecoveryStatus", settings.recovery}}}}}};
    }
    if (operation != "GetResourcePolicy") throw std::runtime_error("not asked to " + operation);
    if (!settings.table_policy) throw Refusal{"PolicyNotFoundException"};
    return {{"Policy", *settings.table_policy}, {"RevisionId", "1"}};
}

}  // namespace redoubt::test
