// SPDX-License-Identifier: Apache-2.0
#include "config/ethereum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "handlers.hpp"

namespace redoubt::test {
namespace {

using bootstrap::Environment;
using Variables = std::map<std::string, std::string, std::less<>>;

const std::string one_arn = "arn:aws:kms:eu-west-1:123456789012:key/1a2b";
const std::string two_arns = one_arn + ",arn:aws:kms:us-west-2:210987654321:key/5e6f";

/// The least that is enough, and what is exchanged of it.
Variables validators_with(const Variables& more) {
    Variables all = {{"AWS_REGION", "eu-west-1"},
                     {"AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"},
                     {"AWS_SECRET_ACCESS_KEY", "secret"},
                     {"AWS_SESSION_TOKEN", "token"},
                     {"VALIDATOR_TABLE", "redoubt-validators"},
                     {"NETWORK", "hoodi"},
                     {"WRAPPING_KEYS", one_arn}};
    for (const auto& [name, value] : more) all[name] = value;
    return all;
}

std::string mistakes_with(const Variables& more) {
    const auto config = bootstrap::read_ethereum_config(Environment(validators_with(more)));
    return config ? "" : bootstrap::list_mistakes("", config.error());
}

TEST(EthereumConfig, TheLeastIsEnough) {
    const auto config = bootstrap::read_ethereum_config(Environment(validators_with({})));
    ASSERT_TRUE(config) << mistakes_with({});
    EXPECT_EQ(config->table, "redoubt-validators");
    EXPECT_EQ(config->network.name, "hoodi");
    EXPECT_EQ(config->threshold, 1U);
    EXPECT_FALSE(config->backup_recipients) << "nobody said";
    EXPECT_EQ(config->wrapping_keys.size(), 1U);
}

TEST(EthereumConfig, EachMistakeIsNamed) {
    for (const auto& [more, told] : std::vector<std::pair<Variables, std::string>>{
             {{{"VALIDATOR_TABLE", ""}}, "VALIDATOR_TABLE is missing"},
             {{{"VALIDATOR_TABLE", "a b"}}, "VALIDATOR_TABLE"},
             {{{"NETWORK", ""}}, "NETWORK is missing"},
             {{{"NETWORK", "holesky"}}, "NETWORK must be mainnet"},
             {{{"NETWORK", "custom"}}, "NETWORK_JSON is missing"},
             {{{"NETWORK", "custom"}, {"NETWORK_JSON", "{}"}}, "NETWORK_JSON: "},
             {{{"NETWORK_JSON", "{}"}}, "NETWORK_JSON describes a network"},
             {{{"WRAPPING_KEYS", ""}}, "WRAPPING_KEYS is missing"},
             {{{"WRAPPING_KEYS", "alias/x"}}, "WRAPPING_KEYS: entry 1"},
             {{{"WRAP_THRESHOLD", "2"}}, "WRAP_THRESHOLD must be a number from 1 to 1"},
             {{{"WRAP_THRESHOLD", "0"}}, "WRAP_THRESHOLD"},
             {{{"WRAP_THRESHOLD", "1 "}}, "WRAP_THRESHOLD"},
             {{{"BACKUP", "maybe"}}, "BACKUP"},
             {{{"BACKUP_RECIPIENTS", "age1"}}, "BACKUP_RECIPIENTS: entry 1"},
             {{{"AWS_CA_BUNDLE", "/x"}}, "AWS_CA_BUNDLE"}}) {
        EXPECT_TRUE(mistakes_with(more).contains(told)) << told << ": " << mistakes_with(more);
    }
}

TEST(EthereumConfig, SeveralWrappingKeysHaveTheirThreshold) {
    const auto config = bootstrap::read_ethereum_config(
        Environment(validators_with({{"WRAPPING_KEYS", two_arns}, {"WRAP_THRESHOLD", "2"}})));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->threshold, 2U);
    EXPECT_EQ(config->aws.kms_elsewhere.size(), 1U) << "in whatever Region they are";
}

TEST(EthereumConfig, TheFingerprintIsOfWhatCounts) {
    const auto of = [](const Variables& more) {
        return bootstrap::read_ethereum_config(Environment(validators_with(more)))->fingerprint;
    };
    EXPECT_NE(of({}), of({{"NETWORK", "mainnet"}}));
    EXPECT_NE(of({}), of({{"BACKUP", "none"}}));
    EXPECT_EQ(of({}), of({{"AWS_SESSION_TOKEN", "another"}}));
}

TEST(RecoveryHandler, IsOfOneChain) {
    const SystemClock clock;
    const auto reason = [&clock](const Variables& variables) {
        ::testing::internal::CaptureStdout();
        const auto made = bootstrap::make_handler(Environment(variables), clock);
        static_cast<void>(::testing::internal::GetCapturedStdout());
        return made ? std::string() : made.error().reason;
    };
    Variables both = validators_with({{"_HANDLER", "recovery"}});
    EXPECT_EQ(reason(both), "");
    both["WATERMARK_TABLE"] = "redoubt-watermarks";
    EXPECT_TRUE(reason(both).contains("both set")) << reason(both);
    Variables none = validators_with({{"_HANDLER", "recovery"}, {"VALIDATOR_TABLE", ""}});
    EXPECT_TRUE(reason(none).contains("is missing")) << reason(none);
    EXPECT_EQ(reason(validators_with({{"_HANDLER", "ethereum-operator"}})), "");
}

}  // namespace
}  // namespace redoubt::test
