// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include "doctor_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Doctor, CountsErrorsAndWarnings) {
    Deployed deployed = sound();
    Json answer = ask(deployed);
    EXPECT_EQ(answer.at("errors"), 0);
    EXPECT_EQ(answer.at("warnings"), 0);
    deployed.account.recovery = "DISABLED";
    deployed.account.keys[1].metadata["KeyState"] = "Disabled";
    (*deployed.account.table)["TableStatus"] = "UPDATING";
    answer = ask(deployed);
    EXPECT_TRUE(answer.at("ok"));
    EXPECT_EQ(answer.at("errors"), 2);
    EXPECT_EQ(answer.at("warnings"), 1);
}

TEST_F(Doctor, NamesWhatIsWrong) {
    Deployed deployed = sound();
    deployed.account.keys[1].metadata["KeyState"] = "Disabled";
    const Json answer = ask(deployed);
    const Json& checks = answer.at("checks");
    const auto wrong =
        std::ranges::find_if(checks, [](const Json& check) { return check.at("ok") == false; });
    ASSERT_NE(wrong, checks.end());
    EXPECT_EQ(*wrong, (Json{{"check", "key_state"},
                            {"of", second.named().address},
                            {"ok", false},
                            {"severity", "error"},
                            {"found", "is Disabled"},
                            {"do", "aws kms enable-key, or cancel-key-deletion first"}}));
}

TEST_F(Doctor, ReplicasMayBeStrong) {
    Deployed deployed = sound();
    (*deployed.account.table)["Replicas"] = Json::array({{{"RegionName", "us-east-1"}}});
    (*deployed.account.table)["MultiRegionConsistency"] = "STRONG";
    EXPECT_EQ(findings(deployed), std::set<std::string>());
}

TEST_F(Doctor, AHandoverAheadIsNothingWrong) {
    Deployed deployed = sound();
    for (const char* kind : {"attestation", "block", "preattestation"}) {
        row(deployed, first, kind)["until"] = number(head + 100);
    }
    EXPECT_EQ(findings(deployed), std::set<std::string>());
    EXPECT_EQ(findings(deployed, {{"chain", mainnet}, {"level", head + 10}}),
              std::set<std::string>());
}

TEST_F(Doctor, StandInsHaveEndpointsOfTheirOwn) {
    Deployed deployed = sound();
    deployed.variables["AWS_ENDPOINT_URL"] = "https://127.0.0.1:9000";
    const auto as_stand_in = [](std::string arn) {
        return arn.replace(arn.find("111122223333"), 12, "000000000000");
    };
    for (AccountKey& key : deployed.account.keys) key.arn = as_stand_in(key.arn);
    for (std::string& arn : deployed.arns) arn = as_stand_in(arn);
    const std::string wrapping = deployed.account.keys[2].arn;
    deployed.sealing.wrapping_keys = {aws::parse_key_arn(wrapping).value()};
    deployed.rows.at(wrap_key())["shares"]["L"][0]["M"]["key"] = text(wrapping);
    EXPECT_EQ(findings(deployed), std::set<std::string>());
    deployed.account.keys[2].arn = account_key_arn(2);
    deployed.sealing.wrapping_keys = {aws::parse_key_arn(account_key_arn(2)).value()};
    deployed.rows.at(wrap_key())["shares"]["L"][0]["M"]["key"] = text(account_key_arn(2));
    EXPECT_EQ(findings(deployed), std::set<std::string>{"endpoints"});
    deployed.account.keys[2].arn = wrapping;
    deployed.sealing.wrapping_keys = {aws::parse_key_arn(wrapping).value()};
    deployed.rows.at(wrap_key())["shares"]["L"][0]["M"]["key"] = text(wrapping);
    deployed.arns[1] = account_key_arn(1);
    deployed.account.keys[1].arn = deployed.arns[1];
    EXPECT_EQ(findings(deployed), std::set<std::string>{"endpoints"});
}

TEST_F(Doctor, AsksSideBySideAndNeverMoreThanATwelfthAtOnce) {
    ask(sound());
    EXPECT_EQ(most_at_once, 12U) << "of four of each key, three of the other one and of the table";
    Deployed many = sound();
    std::vector<SecretKey> keys;
    for (Byte seed = 1; seed <= 25; ++seed)
        keys.emplace_back(SignatureScheme::Ed25519, ByteArray<32>{seed});
    many.account = sound_account(keys, table_name);
    many.arns.clear();
    many.consensus.clear();
    many.sealing = {};
    many.rows.clear();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        many.arns.push_back(account_key_arn(i));
        many.consensus.push_back(keys[i].named());
        arm(many, keys[i].named());
    }
    EXPECT_EQ(findings(many), std::set<std::string>());
    EXPECT_EQ(most_at_once, 12U);
}

TEST_F(Doctor, AnswersWhenThereIsNoTime) {
    deadline = SteadyTime::min();
    EXPECT_EQ(findings(sound()), std::set<std::string>{"not_seen"});
}

TEST_F(Doctor, ReadsItsFieldsStrictly) {
    for (const Json& more :
         {Json{{"level", 1000}}, Json{{"chain", mainnet}}, Json{{"chain", "NetX"}, {"level", 1}},
          Json{{"chain", mainnet}, {"level", "1"}}, Json{{"keys", Json::array()}}}) {
        EXPECT_EQ(ask(sound(), more).at("error").at("id"), "bad_request") << more;
    }
    EXPECT_EQ(ask(sound(), {{"chain", mainnet}, {"level", 2'000'000'000}}).at("error").at("id"),
              "too_far_ahead");
    EXPECT_EQ(findings(sound(), {{"chain", "NetXsqzbfFenSTS"}, {"level", 5}}),
              std::set<std::string>())
        << "the head of another chain";
}

/// As they are deployed, with names in the place of what is filled in.
std::string policy_document(const std::string& name) {
    std::ifstream file(std::string(REDOUBT_POLICIES) + "/" + name);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const auto& [of, value] : std::map<std::string, std::string>{
             {"${SignerRoleArn}", "arn:aws:iam::111122223333:role/redoubt-signer"},
             {"${OperatorRoleArn}", "arn:aws:iam::111122223333:role/redoubt-operator"},
             {"${RecoveryRoleArn}", "arn:aws:iam::111122223333:role/redoubt-recovery"},
             {"${WrappingKeyAccount}", "111122223333"},
             {"${TableArn}", sound_account({}, "redoubt-watermarks").table->at("TableArn")},
             {"${BreakGlassRoleArn}", "arn:aws:iam::111122223333:role/break-glass"},
             {"${Purpose}", "tezos-consensus"},
             {"${Partition}", "aws"},
             {"${Account}", "111122223333"}}) {
        for (auto at = text.find(of); at != std::string::npos; at = text.find(of)) {
            text.replace(at, of.size(), value);
        }
    }
    return text;
}

TEST_F(Doctor, OurOwnPoliciesAreSound) {
    Deployed deployed = sound();
    deployed.account.keys[0].policy = policy_document("key-policy.json");
    deployed.account.keys[2].policy = policy_document("wrapping-key-policy.json");
    deployed.account.table_policy = policy_document("table-policy.json");
    EXPECT_EQ(findings(deployed), std::set<std::string>());
}

struct PolicyCase {
    std::string name;
    Json statement;
    std::set<std::string> found;
};

TEST_F(Doctor, TakesAKeysPolicyAsWideAsItCanBe) {
    const Json root = {{"AWS", "arn:aws:iam::111122223333:root"}};
    const Json signer = {{"AWS", "arn:aws:iam::111122223333:role/redoubt-signer"}};
    const Json only = {{"ArnEquals", {{"aws:PrincipalArn", signer.at("AWS")}}}};
    const auto policy_with = [&](const Json& statement) {
        Deployed deployed = sound();
        deployed.account.keys[0].policy = dump({{"Statement", {statement}}});
        return findings(deployed);
    };
    const auto allowed = [](Json more) {
        Json statement = {{"Effect", "Allow"}, {"Action", "kms:Sign"}};
        statement.update(more);
        return statement;
    };
    const std::set<std::string> fine;
    const std::set<std::string> others = {"key_signers"};
    for (const auto& [name, statement, found] : std::vector<PolicyCase>{
             {"the role itself", allowed({{"Principal", signer}}), fine},
             {"by IAM, but for the role alone", allowed({{"Principal", root}, {"Condition", only}}),
              fine},
             {"in other letters", allowed({{"Principal", signer}, {"Action", "KMS:SIGN"}}), fine},
             {"two of them",
              allowed({{"Principal", {{"AWS", {signer.at("AWS"), "arn:aws:iam::1:role/x"}}}}}),
              others},
             {"a user", allowed({{"Principal", {{"AWS", "arn:aws:iam::111122223333:user/x"}}}}),
              others},
             {"a service", allowed({{"Principal", {{"Service", "ec2.amazonaws.com"}}}}), others},
             {"an account's number", allowed({{"Principal", {{"AWS", "111122223333"}}}}), others},
             {"any role",
              allowed(
                  {{"Principal", root},
                   {"Condition",
                    {{"ArnLike", {{"aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"}}}}}}),
              others},
             {"whoever a federation lets in may change it",
              allowed({{"Principal", {{"Federated", "arn:aws:iam::111122223333:saml-provider/x"}}},
                       {"Action", "kms:PutKeyPolicy"}}),
              {"key_signers", "key_changers"}},
             {"all but one", allowed({{"NotPrincipal", signer}}), others},
             {"a condition on something else",
              allowed({{"Principal", root},
                       {"Condition", {{"StringEquals", {{"kms:MessageType", "RAW"}}}}}}),
              others},
             {"all that is not something else",
              {{"Effect", "Allow"}, {"NotAction", "kms:Decrypt"}, {"Principal", signer}},
              {"key_granters"}},
         }) {
        EXPECT_EQ(policy_with(statement), found) << name;
    }
    Deployed unreadable = sound();
    unreadable.account.keys[0].policy = "{";
    EXPECT_EQ(findings(unreadable), std::set<std::string>{"not_seen"});
}

TEST_F(Doctor, ADenialCountsOnlyIfItHoldsForSure) {
    const std::string signer = "arn:aws:iam::111122223333:role/redoubt-signer";
    const auto with_denial = [&](const Json& more) {
        Deployed deployed = sound();
        Json denial = {{"Effect", "Deny"}, {"Action", "kms:Sign"}, {"Principal", "*"}};
        denial.update(more);
        deployed.account.keys[0].policy =
            dump({{"Statement",
                   {{{"Effect", "Allow"}, {"Principal", "*"}, {"Action", "kms:Sign"}}, denial}}});
        return findings(deployed);
    };
    const Json but_signer = {{"aws:PrincipalArn", signer}};
    const std::set<std::string> others = {"key_signers"};
    EXPECT_EQ(with_denial({{"Condition", {{"ArnNotEquals", but_signer}}}}),
              std::set<std::string>());
    EXPECT_EQ(with_denial({{"Principal", {{"AWS", "*"}}},
                           {"Condition", {{"StringNotEquals", but_signer}}}}),
              std::set<std::string>());
    for (const Json& more :
         {Json{{"Condition",
                {{"ArnNotEquals", but_signer}, {"Bool", {{"aws:SecureTransport", "false"}}}}}},
          Json{{"Condition", {{"ArnNotEquals", {{"aws:PrincipalArn", signer + "*"}}}}}},
          Json{{"Condition", {{"ArnNotEquals", but_signer}}},
               {"Principal", {{"AWS", "arn:aws:iam::111122223333:user/x"}}}},
          Json{{"Condition", {{"ArnNotEquals", but_signer}}}, {"Action", "kms:Verify"}},
          Json{{"Condition", {{"ArnNotEquals", but_signer}}}, {"Resource", "arn:aws:kms:::key/x"}},
          Json{{"Condition", {{"ArnEquals", but_signer}}}}}) {
        EXPECT_EQ(with_denial(more), others) << more;
    }
}

}  // namespace
}  // namespace redoubt::test
