// SPDX-License-Identifier: Apache-2.0
#include "doctor_fixture.hpp"

namespace redoubt::test {
namespace {

using Spoil = std::function<void(Deployed&)>;

/// What somebody does to a deployment that is as it should be, and all that `doctor` says then.
struct Misconfiguration {
    std::string name;
    Spoil spoil;
    std::set<std::string> found;
    Json fields = Json::object();
};

Spoil metadata(const std::string& name, Json value) {
    return [=](Deployed& d) { d.account.keys[0].metadata[name] = value; };
}
Spoil described(const std::string& name, Json value) {
    return [=](Deployed& d) { (*d.account.table)[name] = value; };
}
Spoil variable(const std::string& name, const std::string& value) {
    return [=](Deployed& d) { d.variables[name] = value; };
}
Spoil refused(const std::string& operation) {
    return [=](Deployed& d) { d.account.refused.insert(operation); };
}

/// A statement more in a policy.
void add_statement(std::string& policy, const Json& statement) {
    Json parsed = parse_json(policy).value();
    parsed["Statement"].push_back(statement);
    policy = dump(parsed);
}
/// Without the statements about an action.
void drop_statements(std::string& policy, const std::string& effect, const std::string& action) {
    Json parsed = parse_json(policy).value();
    Json kept = Json::array();
    for (const Json& statement : parsed.at("Statement")) {
        const bool is_it =
            statement.at("Effect") == effect && dump(statement.at("Action")).contains(action);
        if (!is_it) kept.push_back(statement);
    }
    parsed["Statement"] = kept;
    policy = dump(parsed);
}
Spoil allow(const Json& principal, const std::string& action, bool without_denials = true) {
    return [=](Deployed& d) {
        std::string& policy = d.account.keys[0].policy;
        if (without_denials) drop_statements(policy, "Deny", action);
        add_statement(
            policy,
            {{"Effect", "Allow"}, {"Principal", principal}, {"Action", action}, {"Resource", "*"}});
    };
}

class Misconfigurations : public Doctor {
protected:
    Spoil on_row(const std::string& kind, const std::function<void(Json&)>& change) const {
        return [this, kind, change](Deployed& d) { change(row(d, first, kind)); };
    }
    Spoil on_rows(const std::function<void(Json&)>& change) const {
        return [this, change](Deployed& d) {
            for (const char* kind : {"attestation", "block", "preattestation"}) {
                change(row(d, first, kind));
            }
        };
    }
    static std::function<void(Json&)> set(const std::string& attribute, std::int64_t value) {
        return [=](Json& item) { item[attribute] = number(value); };
    }

    std::vector<Misconfiguration> of_keys() const {
        const std::string stranger = "arn:aws:iam::111122223333:role/stranger";
        const Json root = {{"AWS", "arn:aws:iam::111122223333:root"}};
        return {
            {"no such key",
             [](Deployed& d) { d.account.keys.erase(d.account.keys.begin()); },
             {"key_exists"}},
            {"P-384", metadata("KeySpec", "ECC_NIST_P384"), {"key_spec"}},
            {"a key to agree on others", metadata("KeyUsage", "KEY_AGREEMENT"), {"key_usage"}},
            {"disabled", metadata("KeyState", "Disabled"), {"key_state"}},
            {"about to be deleted", metadata("KeyState", "PendingDeletion"), {"key_state"}},
            {"imported", metadata("Origin", "EXTERNAL"), {"key_origin"}},
            {"P-256",
             [this](Deployed& d) {
                 d.account = sound_account({malleable, second}, table_name);
                 d.account.keys.push_back(sound_wrapping_key(2));
                 d.consensus[0] = malleable.named();
                 std::erase_if(d.rows, [this](const auto& row) {
                     return row.first.first == first.named().address;
                 });
                 arm(d, malleable.named());
             },
             {"key_malleable"}},
            {"a replica elsewhere",
             [](Deployed& d) {
                 const std::string arn = d.arns[0];
                 d.account.keys[0].metadata["MultiRegionConfiguration"] = {
                     {"MultiRegionKeyType", "PRIMARY"},
                     {"PrimaryKey", {{"Arn", arn}, {"Region", "eu-west-1"}}},
                     {"ReplicaKeys",
                      {{{"Arn", "arn:aws:kms:us-east-1:111122223333:key/mrk-1"},
                        {"Region", "us-east-1"}}}}};
             },
             {"key_replicas"}},
            {"exchanged",
             [this](Deployed& d) {
                 d.account.keys[0].spki = sound_account({baker}, "t").keys[0].spki;
             },
             {"key_public"}},
            {"a stranger may sign", allow({{"AWS", stranger}}, "kms:Sign"), {"key_signers"}},
            {"any may sign that IAM lets", allow(root, "kms:Sign"), {"key_signers"}},
            {"everybody may sign", allow("*", "kms:Sign"), {"key_signers"}},
            {"nobody may sign",
             [](Deployed& d) { drop_statements(d.account.keys[0].policy, "Allow", "kms:Sign"); },
             {"key_signers"}},
            {"KMS's own policy",
             [root](Deployed& d) {
                 d.account.keys[0].policy =
                     dump({{"Statement",
                            {{{"Effect", "Allow"}, {"Principal", root}, {"Action", "kms:*"}}}}});
             },
             {"key_signers", "key_granters", "key_changers"}},
            {"a stranger may grant",
             allow({{"AWS", stranger}}, "kms:CreateGrant"),
             {"key_granters"}},
            {"an administrator may change the policy",
             allow(root, "kms:PutKeyPolicy"),
             {"key_changers"}},
            {"a grant",
             [](Deployed& d) {
                 d.account.keys[0].grants = {{{"GranteePrincipal", "x"}, {"Operations", {"Sign"}}}};
             },
             {"key_grants"}},
            {"not allowed to describe the key", refused("DescribeKey"), {"not_seen"}},
            {"not allowed to read its policy", refused("GetKeyPolicy"), {"not_seen"}},
            {"not allowed to list grants", refused("ListGrants"), {"not_seen"}},
        };
    }

    static Spoil wrapping(const std::string& name, const Json& value) {
        return [=](Deployed& d) { d.account.keys[2].metadata[name] = value; };
    }
    static Spoil wrapping_policy(const std::string& action, const std::string& effect,
                                 const Json& principal = nullptr) {
        return [=](Deployed& d) {
            std::string& policy = d.account.keys[2].policy;
            drop_statements(policy, effect, action);
            if (principal.is_null()) return;
            add_statement(policy, {{"Effect", "Allow"},
                                   {"Principal", principal},
                                   {"Action", action},
                                   {"Resource", "*"}});
        };
    }

    static std::vector<Misconfiguration> of_wrapping_keys() {
        const Json stranger = {{"AWS", "arn:aws:iam::111122223333:role/stranger"}};
        const Json root = {{"AWS", "arn:aws:iam::111122223333:root"}};
        return {
            {"no such wrapping key",
             [](Deployed& d) { d.account.keys.pop_back(); },
             {"wrapping_exists"}},
            {"an RSA key", wrapping("KeySpec", "RSA_4096"), {"wrapping_usage"}},
            {"a key that signs", wrapping("KeyUsage", "SIGN_VERIFY"), {"wrapping_usage"}},
            {"a disabled wrapping key", wrapping("KeyState", "Disabled"), {"wrapping_state"}},
            {"one to be deleted", wrapping("KeyState", "PendingDeletion"), {"wrapping_state"}},
            {"a replica that opens",
             wrapping(
                 "MultiRegionConfiguration",
                 {{"ReplicaKeys", {{{"Arn", "arn:aws:kms:us-east-1:111122223333:key/mrk-1"}}}}}),
             {"wrapping_replicas"}},
            {"a stranger may open",
             wrapping_policy("kms:Decrypt", "Deny", stranger),
             {"wrapping_openers"}},
            {"any may open that IAM lets",
             wrapping_policy("kms:Decrypt", "Deny", root),
             {"wrapping_openers"}},
            {"nobody may open", wrapping_policy("kms:Decrypt", "Allow"), {"wrapping_openers"}},
            {"a stranger may let others open",
             wrapping_policy("kms:CreateGrant", "Deny", stranger),
             {"wrapping_granters"}},
            {"an administrator may change it",
             wrapping_policy("kms:PutKeyPolicy", "Deny", root),
             {"wrapping_changers"}},
            {"a grant to open",
             [](Deployed& d) { d.account.keys[2].grants = {{{"GranteePrincipal", "x"}}}; },
             {"wrapping_grants"}},
            {"a policy that is none",
             [](Deployed& d) { d.account.keys[2].policy = "none"; },
             {"not_seen"}},
        };
    }

    std::vector<Misconfiguration> of_sealed_keys() const {
        const auto on_item = [this](const std::function<void(Deployed&, Json&)>& change) {
            return [this, change](Deployed& d) {
                change(d, d.rows.at({sealed_key.address, "sealed"}));
            };
        };
        const auto on_wrap = [](const std::function<void(Deployed&, Json&)>& change) {
            return [change](Deployed& d) { change(d, d.rows.at(wrap_key())); };
        };
        return {
            {"nobody said who gets backups",
             [](Deployed& d) { d.sealing.backup_recipients.reset(); },
             {"backup_said"}},
            {"a sealed key is gone",
             [this](Deployed& d) { d.rows.erase({sealed_key.address, "sealed"}); },
             {"sealed_item"}},
            {"a sealed key that can't be read",
             on_item([](Deployed&, Json& item) { item.erase("wrap"); }),
             {"sealed_item"}},
            {"a wrap is gone", [](Deployed& d) { d.rows.erase(wrap_key()); }, {"sealed_wrap"}},
            {"a wrap that can't be read",
             on_wrap([](Deployed&, Json& wrap) { wrap.erase("shares"); }),
             {"sealed_wrap"}},
            {"another's wrap",
             on_wrap([](Deployed&, Json& wrap) { wrap["purpose"] = text("ethereum-validator"); }),
             {"sealed_wrap"}},
            {"a share under a KMS key that is not listed",
             on_wrap([](Deployed&, Json& wrap) {
                 wrap["shares"]["L"][0]["M"]["key"] = text(account_key_arn(9));
             }),
             {"sealed_shares"}},
            {"one of two opens",
             on_wrap([](Deployed& d, Json& wrap) {
                 d.account.keys.push_back(sound_wrapping_key(3));
                 d.sealing.wrapping_keys.push_back(aws::parse_key_arn(account_key_arn(3)).value());
                 Json share = wrap["shares"]["L"][0];
                 share["M"]["key"] = text(account_key_arn(3));
                 share["M"]["x"] = number(2);
                 wrap["shares"]["L"].push_back(share);
             }),
             {"sealed_threshold"}},
            {"no backup",
             on_item([](Deployed&, Json& item) { item.erase("backup"); }),
             {"sealed_backup"}},
            {"a key that nobody serves",
             [](Deployed& d) { add_sealed(d, bls_key(0x46)); },
             {"sealed_unserved"}},
            {"proofs for everybody", variable("PROVE_POSSESSION", "on"), {"prove_possession"}},
            {"not allowed to look through the table", refused("Scan"), {"not_seen"}},
        };
    }

    static std::vector<Misconfiguration> of_the_table() {
        const Json attribute = {{"AttributeName", "pkh"}, {"KeyType", "HASH"}};
        return {
            {"no such table", [](Deployed& d) { d.account.table.reset(); }, {"table_exists"}},
            {"being deleted", described("TableStatus", "DELETING"), {"table_state"}},
            {"of another Region",
             described("TableArn", "arn:aws:dynamodb:us-east-1:111122223333:table/t"),
             {"table_region"}},
            {"without a sort key",
             described("KeySchema", Json::array({attribute})),
             {"table_keys"}},
            {"provisioned", described("BillingModeSummary", nullptr), {"table_billing"}},
            {"not protected", described("DeletionProtectionEnabled", false), {"table_protection"}},
            {"replicas that lag",
             described("Replicas", Json::array({{{"RegionName", "us-east-1"}}})),
             {"table_replicas"}},
            {"under a key of its own",
             described("SSEDescription", {{"Status", "ENABLED"}, {"SSEType", "KMS"}}),
             {"table_encryption"}},
            {"restored", described("RestoreSummary", {{"RestoreDateTime", 1}}), {"table_restored"}},
            {"no way back",
             [](Deployed& d) { d.account.recovery = "DISABLED"; },
             {"table_recovery"}},
            {"rows expire", [](Deployed& d) { d.account.expiry = "ENABLED"; }, {"table_expiry"}},
            {"no policy", [](Deployed& d) { d.account.table_policy.reset(); }, {"table_writers"}},
            {"a policy that lets others write",
             [](Deployed& d) { drop_statements(*d.account.table_policy, "Deny", "PutItem"); },
             {"table_writers"}},
            {"a policy of the table's index",
             [](Deployed& d) {
                 Json parsed = parse_json(*d.account.table_policy).value();
                 const Json& arn = d.account.table->at("TableArn");
                 for (Json& statement : parsed.at("Statement")) {
                     statement["Resource"] = arn.get<std::string>() + "/index/*";
                 }
                 d.account.table_policy = dump(parsed);
             },
             {"table_writers", "table_seal"}},
            {"a policy of all but the table",
             [](Deployed& d) {
                 Json parsed = parse_json(*d.account.table_policy).value();
                 for (Json& statement : parsed.at("Statement")) {
                     statement.erase("Resource");
                     statement["NotResource"] = "*";
                 }
                 d.account.table_policy = dump(parsed);
             },
             {"table_writers", "table_seal"}},
            {"not sealed",
             [](Deployed& d) {
                 drop_statements(*d.account.table_policy, "Deny", "PutResourcePolicy");
             },
             {"table_seal"}},
            {"not allowed to describe the table", refused("DescribeTable"), {"not_seen"}},
            {"not allowed to ask for backups", refused("DescribeContinuousBackups"), {"not_seen"}},
            {"not allowed to ask for expiry", refused("DescribeTimeToLive"), {"not_seen"}},
            {"not allowed to read its policy", refused("GetResourcePolicy"), {"not_seen"}},
            {"not allowed to read rows", refused("Query"), {"not_seen"}},
        };
    }

    std::vector<Misconfiguration> of_rows() const {
        const Json at_head = {{"chain", mainnet}, {"level", head + 10}};
        const std::int64_t week = std::int64_t{7} * 24 * 3600 * 1000;
        return {
            {"never armed",
             [this](Deployed& d) {
                 std::erase_if(d.rows, [this](const auto& row) {
                     return row.first.first == first.named().address;
                 });
             },
             {"key_armed"}},
            {"a row deleted",
             [this](Deployed& d) {
                 d.rows.erase({first.named().address, std::string(mainnet) + "/block"});
             },
             {"rows_complete"}},
            {"a row damaged",
             on_row("block", [](Json& item) { item.erase("pace"); }),
             {"row_damaged"}},
            {"beyond all chains",
             on_row("block",
                    [](Json& item) {
                        item["lvl"] = number(60'000'000);
                        item["pace"] = number(pace_at(60'000'000));
                    }),
             {"row_ahead", "row_fence_open"}},
            {"beyond its own fence", on_row("block", set("lvl", head + 301)), {"row_ahead"}},
            {"beyond the node's head",
             on_row("block",
                    [](Json& item) {
                        item["lvl"] = number(head + 311);
                        item["pace"] = number(pace_at(head + 311));
                    }),
             {"row_ahead"},
             at_head},
            {"a fence that holds nobody",
             on_row("block", set("pace", pace_at(50'000'000) + 1)),
             {"row_fence_open"}},
            {"a fence that holds the baker",
             on_row("block", set("pace", pace_at(head + 10) - 300'001)),
             {"row_fence_shut"},
             at_head},
            {"nobody bakes", on_rows(set("at", now_ms() - week - 1)), {"rows_idle"}},
            {"handed over", on_rows(set("until", head)), {"rows_handed_over"}},
            {"handed over, by the head",
             on_rows(set("until", head + 9)),
             {"rows_handed_over"},
             at_head},
            {"handed over, and beyond the head",
             on_rows([](Json& item) {
                 item["lvl"] = item["until"] = number(head + 311);
                 item["pace"] = number(pace_at(head + 311));
             }),
             {"rows_handed_over"},
             at_head},
            {"handed over, and left behind",
             on_rows([](Json& item) {
                 item["until"] = number(head);
                 item["pace"] = number(pace_at(head + 10) - 300'001);
             }),
             {"rows_handed_over"},
             at_head},
            {"ahead, and about to be handed over",
             on_rows([](Json& item) {
                 item["lvl"] = number(head + 311);
                 item["until"] = number(head + 312);
                 item["pace"] = number(pace_at(head + 311));
             }),
             {"row_ahead"},
             at_head},
            {"half handed over",
             on_row("block", set("until", head + 100)),
             {"rows_half_handed_over"}},
        };
    }

    std::vector<Misconfiguration> of_the_rest() const {
        return {
            {"the consensus key is authorized",
             [this](Deployed& d) { d.authorized[0] = first.named(); },
             {"authorized_consensus"}},
            {"a published key is authorized",
             [](Deployed& d) {
                 d.authorized.emplace_back(
                     tezos::parse_public_key(
                         "edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav")
                         .value());
             },
             {"authorized_published"}},
            {"three are authorized",
             [](Deployed& d) {
                 for (const Byte seed : {Byte{1}, Byte{2}}) {
                     d.authorized.push_back(SecretKey(SignatureScheme::Ed25519, {seed}).named());
                 }
             },
             {"authorized_many"}},
            {"the clock is off",
             [](Deployed& d) { d.clock_off = Milliseconds(90'000); },
             {"clock"}},
            {"another endpoint",
             variable("AWS_ENDPOINT_URL_KMS", "https://vpce.example"),
             {"endpoints"}},
            {"a proxy", variable("https_proxy", "set"), {"proxies"}},
            {"TLS secrets to a file", variable("SSLKEYLOGFILE", "/tmp/keys"), {"debugging"}},
            {"a text log", variable("AWS_LAMBDA_LOG_FORMAT", "Text"), {"log_format"}},
            {"few lines", variable("AWS_LAMBDA_LOG_LEVEL", "ERROR"), {"log_level"}},
            {"little memory", variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"), {"memory"}},
            {"no public keys",
             [](Deployed& d) { d.variables.erase("PUBLIC_KEYS"); },
             {"public_keys_given"}},
        };
    }

    void each_is_found(const std::vector<Misconfiguration>& misconfigurations) {
        const Deployed well = sound();
        for (const Misconfiguration& one : misconfigurations) {
            Deployed deployed = well;
            one.spoil(deployed);
            EXPECT_EQ(findings(deployed, one.fields), one.found) << one.name;
            deployed = well;
            EXPECT_EQ(findings(deployed, one.fields), std::set<std::string>()) << one.name;
            seen.insert(one.found.begin(), one.found.end());
        }
    }

    std::set<std::string> seen;
};

TEST_F(Misconfigurations, AreFoundEachAloneAndEachCheckFindsOne) {
    each_is_found(of_keys());
    each_is_found(of_the_table());
    each_is_found(of_rows());
    each_is_found(of_wrapping_keys());
    each_is_found(of_sealed_keys());
    each_is_found(of_the_rest());
    std::set<std::string> checks = {"not_seen"};  // it has no line as long as all is seen
    const Json answer = ask(sound());
    for (const Json& check : answer.at("checks")) checks.insert(check.at("check"));
    EXPECT_EQ(seen, checks);
}

}  // namespace
}  // namespace redoubt::test
