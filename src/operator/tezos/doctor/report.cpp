// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <array>
#include <utility>

namespace redoubt::tezos_operator::doctor {
namespace {

struct Known {
    const char* id;  // outsiders know it: it never changes
    bool is_error;   // else a warning: it signs, and well, but look at it
    const char* to_do;
};
constexpr bool error = true;
constexpr bool warning = false;

/// In the order of Check.
constexpr std::array known = {
    Known{"not_seen", error,
          "give the function's role the rights of iam-policies/operator-role.json, or ask again"},
    Known{"key_exists", error, "put the key's ARN into KMS_KEY_ID"},
    Known{"key_spec", error, "move over to a key of ECC_SECG_P256K1 (tz2)"},
    Known{"key_usage", error, "move over to a key of usage SIGN_VERIFY"},
    Known{"key_state", error, "aws kms enable-key, or cancel-key-deletion first"},
    Known{"key_origin", warning, "move over to a key made inside KMS: of this one there is a copy"},
    Known{"key_malleable", warning,
          "move over to a tz2 or tz1 key: an honest baker can be slashed for this one"},
    Known{"key_replicas", warning, "no signer of another Region may have another table"},
    Known{"key_public", error, "stop the signer; who exchanged the key, or changed PUBLIC_KEYS?"},
    Known{"key_signers", error,
          "put iam-policies/key-policy.json: the signer's role alone may sign"},
    Known{"key_granters", error, "put iam-policies/key-policy.json"},
    Known{"key_changers", error, "put iam-policies/key-policy.json"},
    Known{"key_grants", error, "aws kms revoke-grant; who made it?"},
    Known{"wrapping_exists", error, "put the key's ARN into WRAPPING_KEYS, or `rewrap` without it"},
    Known{"wrapping_usage", error, "`rewrap` to a key of usage ENCRYPT_DECRYPT, symmetric"},
    Known{"wrapping_state", error, "aws kms enable-key, or cancel-key-deletion first"},
    Known{"wrapping_replicas", warning,
          "`rewrap` to a key of one Region: replicas open what the key seals"},
    Known{
        "wrapping_openers", error,
        "put iam-policies/wrapping-key-policy.json: the signer's and recovery's roles alone open"},
    Known{"wrapping_granters", error, "put iam-policies/wrapping-key-policy.json"},
    Known{"wrapping_changers", error, "put iam-policies/wrapping-key-policy.json"},
    Known{"wrapping_grants", error, "aws kms revoke-grant; who made it?"},
    Known{"backup_said", warning,
          "set BACKUP_RECIPIENTS, or BACKUP to none: no key is made before"},
    Known{"sealed_item", error, "`import_key` it from its backup; is it the right table?"},
    Known{"sealed_wrap", error, "`import_key` its keys from their backups; who deleted it?"},
    Known{"sealed_shares", error, "put that key into WRAPPING_KEYS, or `rewrap` without it"},
    Known{"sealed_threshold", warning,
          "`rewrap` with a higher `threshold`, unless each may open by itself"},
    Known{"sealed_backup", warning,
          "is its secret kept elsewhere? If not, move over to a key with a backup"},
    Known{"sealed_unserved", warning, "put its public key into SEALED_KEYS, if it is to sign"},
    Known{"table_exists", error,
          "put the table's name into WATERMARK_TABLE. Was it deleted? docs/operations.md, Lost "
          "table"},
    Known{"table_state", error, "wait until it is ACTIVE; if it is not, ask AWS"},
    Known{"table_region", error, "use a table of the function's Region"},
    Known{"table_keys", error, "use a table made by the template: pkh (S), scope (S)"},
    Known{"table_billing", error, "aws dynamodb update-table --billing-mode PAY_PER_REQUEST"},
    Known{"table_protection", error, "aws dynamodb update-table --deletion-protection-enabled"},
    Known{"table_replicas", error, "stop the signer and remove the replicas: they sign twice"},
    Known{"table_encryption", warning,
          "use the default encryption: whoever has that key can stop the table"},
    Known{"table_restored", warning, "docs/operations.md, Restored table"},
    Known{"table_recovery", warning, "aws dynamodb update-continuous-backups"},
    Known{"table_expiry", error, "aws dynamodb update-time-to-live: rows must not expire"},
    Known{"table_writers", error,
          "put iam-policies/table-policy.json: the two roles alone may write"},
    Known{"table_seal", warning, "put iam-policies/table-policy.json, with NobodyElseReplaces"},
    Known{"key_armed", error, "`arm` the key; was it armed before? docs/operations.md, Lost table"},
    Known{"rows_complete", error, "who deleted them? docs/operations.md, Lost table"},
    Known{"row_damaged", error, "docs/operations.md, Damaged row"},
    Known{"row_ahead", error,
          "nothing is signed until the chain is there: docs/operations.md, Which level"},
    Known{"row_fence_open", warning, "`raise` to the head's level"},
    Known{"row_fence_shut", error, "`raise` to the head's level with `force`"},
    Known{"rows_idle", warning,
          "does the baker still use this key here? If not, take the key away"},
    Known{"rows_handed_over", warning,
          "the other signer signs; to take the key back, `handover` with `from`"},
    Known{"rows_half_handed_over", error, "send the same `handover` again"},
    Known{"authorized_consensus", error,
          "put the public key of the baker's own redoubt-auth into AUTHORIZED_KEYS"},
    Known{"authorized_published", error,
          "everybody has its secret key: `deploy/redoubt rotate` to a new one"},
    Known{"authorized_many", warning,
          "`deploy/redoubt rotate` shows which are used: remove the others"},
    Known{"clock", error, "the fence counts by this clock: ask AWS"},
    Known{"endpoints", warning, "remove the variable, unless it names your own VPC endpoint"},
    Known{"proxies", warning, "remove the variables; they are not used"},
    Known{"debugging", warning, "who set it? Remove it; it is not used"},
    Known{"log_format", error, "set the function's log format to JSON"},
    Known{"log_level", error, "set the function's application log level to INFO"},
    Known{"memory", warning, "give the function 512 MB: docs/performance.md, Which memory size"},
    Known{"public_keys_given", warning, "set PUBLIC_KEYS: else an exchanged key goes unnoticed"},
    Known{"prove_possession", warning, "remove PROVE_POSSESSION once the key is registered"},
};
static_assert(known.size() == std::size_t(Check::End));

}  // namespace

void Report::add(Check check, std::string_view of, bool wrong, std::string_view found,
                 std::string_view value) {
    const Known& about = known.at(std::size_t(check));
    Json& line = checks_.emplace_back(Json::object());
    line["check"] = about.id;
    line["of"] = of;
    line["ok"] = !wrong;
    if (!wrong) return;
    ++(about.is_error ? errors_ : warnings_);
    line["severity"] = about.is_error ? "error" : "warning";
    line["found"] = std::string(found).append(value);
    line["do"] = about.to_do;
}

void Report::expect(std::string_view of, const Json& object, std::span<const Expectation> all) {
    for (const Expectation& one : all) {
        const std::string* is = string_member(object, one.member);
        add(one.check, of, is == nullptr || *is != one.wanted, "is ",
            is == nullptr ? "nothing" : *is);
    }
}

operators::CommandResult Report::take() {
    operators::CommandResult result;
    result.members["checks"] = std::exchange(checks_, Json::array());
    result.members["errors"] = std::exchange(errors_, 0);
    result.members["warnings"] = std::exchange(warnings_, 0);
    return result;
}

}  // namespace redoubt::tezos_operator::doctor
