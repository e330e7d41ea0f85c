// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <array>
#include <utility>

namespace redoubt::tezos_operator::doctor {
namespace {

struct Known {
    std::string_view id;  // outsiders know it: it never changes
    bool is_error;        // else a warning: it signs, and well, but look at it
    std::string_view to_do;
};
constexpr bool error = true;
constexpr bool warning = false;

/// In the order of Check.
constexpr std::array known = {
    Known{"not_seen", error,
          "give the function's role the rights of iam-policies/operator-role.json, or ask again"},
    Known{"key_exists", error, "put the ARN of the key into KMS_KEY_ID"},
    Known{"key_spec", error, "make a key of ECC_SECG_P256K1 (tz2) and move over to it"},
    Known{"key_usage", error, "make a key of usage SIGN_VERIFY and move over to it"},
    Known{"key_state", error, "aws kms enable-key, or cancel-key-deletion first"},
    Known{"key_origin", warning,
          "make a key inside KMS and move over to it: whoever imported this one can sign without "
          "Redoubt"},
    Known{"key_malleable", warning,
          "move over to a tz2 or tz1 key: of one block signed by a tz3 key anybody makes a second "
          "one, which is slashed"},
    Known{"key_replicas", warning,
          "see to it that no signer with another table uses the key in the other Regions"},
    Known{"key_public", error,
          "stop the signer; find out who exchanged the key or changed PUBLIC_KEYS"},
    Known{"key_signers", error,
          "put iam-policies/key-policy.json: the signer's role alone may sign"},
    Known{"key_granters", error, "put iam-policies/key-policy.json, which denies kms:CreateGrant"},
    Known{"key_changers", error,
          "put iam-policies/key-policy.json: root and one role alone may change it"},
    Known{"key_grants", error, "aws kms revoke-grant, and find out who made it"},
    Known{"table_exists", error,
          "put the table's name into WATERMARK_TABLE. If it was deleted: docs/operations.md, Lost "
          "table"},
    Known{"table_state", error, "wait until it is ACTIVE; if it does not become so, ask AWS"},
    Known{"table_region", error, "use a table of the function's Region"},
    Known{"table_keys", error, "use a table made by the template: pkh (S), scope (S)"},
    Known{"table_billing", error, "aws dynamodb update-table --billing-mode PAY_PER_REQUEST"},
    Known{"table_protection", error,
          "aws dynamodb update-table --deletion-protection-enabled: without its rows nothing is "
          "signed"},
    Known{"table_replicas", error,
          "stop the signer and remove the replicas: eventually consistent ones sign twice"},
    Known{"table_encryption", warning,
          "use the default encryption: whoever has the KMS key can stop the table"},
    Known{"table_restored", warning,
          "rows are older than what was signed: docs/operations.md, Lost table"},
    Known{"table_recovery", warning, "aws dynamodb update-continuous-backups"},
    Known{"table_expiry", error, "aws dynamodb update-time-to-live: rows must not expire"},
    Known{"table_writers", error,
          "put iam-policies/table-policy.json: the two roles alone may write"},
    Known{"table_seal", warning, "put iam-policies/table-policy.json, with NobodyElseReplaces"},
    Known{"key_armed", error,
          "`arm` the key; if it was armed before: docs/operations.md, Lost table"},
    Known{
        "rows_complete", error,
        "find out who deleted them, then `arm` at the head's level + 1: it makes what is missing"},
    Known{"row_damaged", error, "docs/operations.md, Damaged row"},
    Known{"row_ahead", error,
          "nothing is signed until the chain is there: docs/operations.md, Which level"},
    Known{"row_fence_open", warning,
          "`raise` to the head's level: a stolen authorized key could spend all levels"},
    Known{"row_fence_shut", error, "`raise` to the head's level with `force`"},
    Known{"rows_idle", warning,
          "does the baker still use this key here? If it bakes elsewhere, take the key away"},
    Known{"rows_handed_over", warning,
          "the other signer signs now; to take the key back, `handover` with `from`"},
    Known{"rows_half_handed_over", error, "send the same `handover` again, for all three rows"},
    Known{"authorized_consensus", error,
          "put the public key of the baker's own redoubt-auth into AUTHORIZED_KEYS"},
    Known{"authorized_published", error,
          "its secret key is public: make a new one, and `deploy/redoubt rotate` to it"},
    Known{"authorized_many", warning,
          "remove those that no baker uses: `deploy/redoubt rotate` shows them"},
    Known{"clock", error, "the fence counts by this clock: ask AWS, or look at a stand-in's Date"},
    Known{"endpoints", warning, "remove the variable, unless it names your own VPC endpoint"},
    Known{"proxies", warning, "remove the variables; they are not used"},
    Known{"debugging", warning, "find out who set them, and remove them; they are not used"},
    Known{"log_format", error, "set the function's log format to JSON"},
    Known{"log_level", error, "set the function's application log level to INFO"},
    Known{"memory", warning, "give the function 512 MB: docs/performance.md, Which memory size"},
    Known{"public_keys_given", warning,
          "set PUBLIC_KEYS: without it an exchanged key goes unnoticed"},
};
static_assert(known.size() == std::size_t(Check::End));

}  // namespace

void Report::add(Check check, std::string_view of, std::string problem) {
    const Known& about = known.at(std::size_t(check));
    Json& line = checks_.emplace_back(Json::object());
    line["check"] = about.id;
    line["of"] = of;
    line["ok"] = problem.empty();
    if (problem.empty()) return;
    ++(about.is_error ? errors_ : warnings_);
    line["severity"] = about.is_error ? "error" : "warning";
    line["found"] = std::move(problem);
    line["do"] = about.to_do;
}

operators::CommandResult Report::take() {
    return {.members = {{"checks", std::exchange(checks_, Json::array())},
                        {"errors", std::exchange(errors_, 0)},
                        {"warnings", std::exchange(warnings_, 0)}}};
}

}  // namespace redoubt::tezos_operator::doctor
