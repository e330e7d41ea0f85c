// SPDX-License-Identifier: Apache-2.0
#include "config/tezos.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <set>

#include <redoubt/aws/roots.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/crypto/hash.hpp>

#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using Config = bootstrap::TezosConfig;
using bootstrap::Environment;
using bootstrap::TezosRole;
using Variables = std::map<std::string, std::string, std::less<>>;

const std::string arn = "arn:aws:kms:eu-west-1:123456789012:key/1a2b";
const std::string other_arn = "arn:aws:kms:eu-west-1:123456789012:key/3c4d";
const std::string stand_in_arn = "arn:aws:kms:eu-west-1:000000000000:key/1a2b";

const std::string far_arn = "arn:aws:kms:us-west-2:210987654321:key/5e6f";

std::string bls_key(Byte seed) {
    ByteArray<32> scalar{};
    scalar.back() = seed;
    return tezos::to_text(crypto::bls::SecretKey::parse(scalar)->public_key());
}

std::string public_key(Byte seed) {
    return SecretKey(tezos::SignatureScheme::P256, {seed}).named().public_key_text;
}

/// The least that is enough.
Variables enough() {
    return {{"AWS_REGION", "eu-west-1"},
            {"AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"},
            {"AWS_SECRET_ACCESS_KEY", "secret"},
            {"AWS_SESSION_TOKEN", "token"},
            {"KMS_KEY_ID", arn},
            {"AUTHORIZED_KEYS", public_key(1)},
            {"WATERMARK_TABLE", "redoubt-watermarks"}};
}

Variables with(Variables variables, const Variables& more) {
    for (const auto& [name, value] : more) variables[name] = value;
    return variables;
}

Config read(const Variables& variables, TezosRole role = TezosRole::Signer) {
    auto config = bootstrap::read_tezos_config(Environment(variables), role);
    if (!config) throw std::runtime_error(config.error().front());
    return std::move(*config);
}

/// All mistakes, or nothing.
std::vector<std::string> mistakes(const Variables& variables, TezosRole role = TezosRole::Signer) {
    const auto config = bootstrap::read_tezos_config(Environment(variables), role);
    return config ? std::vector<std::string>() : config.error();
}

TEST(Config, IsReadFromTheEnvironment) {
    const Config config = read(enough());
    EXPECT_EQ(config.aws.region, "eu-west-1");
    ASSERT_EQ(config.key_arns.size(), 1U);
    EXPECT_EQ(config.key_arns[0].text, arn);
    EXPECT_FALSE(config.public_keys.has_value());
    ASSERT_EQ(config.authorized_keys.size(), 1U);
    EXPECT_EQ(config.authorized_keys[0].public_key_text, public_key(1));
    EXPECT_EQ(config.table, "redoubt-watermarks");
    EXPECT_TRUE(config.base_path.empty());
    EXPECT_FALSE(config.known_keys);
    EXPECT_EQ(config.aws.trusted_roots, aws::amazon_roots());
    EXPECT_EQ(config.aws.kms.origin, "https://kms.eu-west-1.amazonaws.com");
    EXPECT_EQ(config.aws.dynamodb.origin, "https://dynamodb.eu-west-1.amazonaws.com");
    EXPECT_EQ(config.aws.credentials.access_key_id, "ASIAEXAMPLE");
    EXPECT_EQ(config.aws.credentials.secret_access_key.expose(), "secret");
    EXPECT_EQ(config.aws.credentials.session_token.expose(), "token");
}

TEST(Config, ListsAreSeparatedByCommasAndKeepTheirOrder) {
    const Config config =
        read(with(enough(), {{"KMS_KEY_ID", other_arn + ", " + arn},
                             {"PUBLIC_KEYS", public_key(5) + "," + public_key(4)},
                             {"AUTHORIZED_KEYS", " " + public_key(2) + " ," + public_key(1)}}));
    EXPECT_EQ(config.key_arns.at(0).text, other_arn);
    EXPECT_EQ(config.key_arns.at(1).text, arn);
    EXPECT_EQ(config.public_keys.value().at(0).public_key_text, public_key(5));
    EXPECT_EQ(config.public_keys.value().at(1).public_key_text, public_key(4));
    EXPECT_EQ(config.authorized_keys.at(0).public_key_text, public_key(2));
    EXPECT_EQ(config.authorized_keys.size(), 2U);
}

TEST(Config, AnEmptyVariableIsAnAbsentOne) {
    const Config config = read(with(enough(), {{"PUBLIC_KEYS", ""},
                                               {"BASE_PATH", ""},
                                               {"KNOWN_KEYS", ""},
                                               {"AWS_CA_BUNDLE", ""},
                                               {"AWS_ENDPOINT_URL", ""},
                                               {"AWS_ENDPOINT_URL_KMS", ""},
                                               {"AWS_SESSION_TOKEN", ""}}));
    EXPECT_TRUE(config.aws.credentials.session_token.empty());
    EXPECT_EQ(config.aws.kms.origin, "https://kms.eu-west-1.amazonaws.com");
}

TEST(Config, BasePathsAreReadInTheirParts) {
    struct Row {
        std::string text;
        std::vector<std::string> parts;
    };
    for (const Row& row : {Row{"/name", {"name"}}, Row{"/a/b", {"a", "b"}},
                           Row{"/$default", {"$default"}}, Row{"/A-z_0.9~", {"A-z_0.9~"}}}) {
        EXPECT_EQ(read(with(enough(), {{"BASE_PATH", row.text}})).base_path, row.parts);
    }
}

TEST(Config, KnownKeysAreShownIfAskedFor) {
    EXPECT_TRUE(read(with(enough(), {{"KNOWN_KEYS", "on"}})).known_keys);
}

TEST(Config, SlowCallsAreHedgedUnlessSwitchedOff) {
    EXPECT_TRUE(read(enough()).aws.hedging);
    EXPECT_TRUE(read(with(enough(), {{"HEDGING", ""}})).aws.hedging);
    EXPECT_FALSE(read(with(enough(), {{"HEDGING", "off"}})).aws.hedging);
}

TEST(Config, EachMistakeIsNamedByItsVariable) {
    struct Row {
        std::string variable, value;
    };
    const std::vector<Row> rows = {
        {"AWS_REGION", ""},
        {"AWS_REGION", "eu-west-1\n"},
        {"AWS_ACCESS_KEY_ID", ""},
        {"AWS_SECRET_ACCESS_KEY", ""},
        {"KMS_KEY_ID", ""},
        {"KMS_KEY_ID", "alias/baker"},
        {"KMS_KEY_ID", "1a2b"},
        {"KMS_KEY_ID", arn + ","},
        {"KMS_KEY_ID", "," + arn},
        {"KMS_KEY_ID", arn + " " + other_arn},
        {"KMS_KEY_ID", arn + "," + arn},
        {"KMS_KEY_ID", "arn:aws:kms:eu-west-2:123456789012:key/1a2b"},
        {"AUTHORIZED_KEYS", ""},
        {"AUTHORIZED_KEYS", "tz1SodoUsWVe1Yey9eMFbqRUtNpBWfir5NRr"},
        {"AUTHORIZED_KEYS", "edsk3qAQSJaDBSYN2PCMdv7BuJoBKeRyDFq5uPAwDfFRAhQdwHxPMN"},
        {"AUTHORIZED_KEYS", public_key(1) + "," + public_key(1)},
        {"AUTHORIZED_KEYS", public_key(1) + ","},
        {"AUTHORIZED_KEYS", public_key(1).substr(1)},
        {"PUBLIC_KEYS", public_key(1) + "," + public_key(2)},
        {"PUBLIC_KEYS", "x"},
        {"WATERMARK_TABLE", ""},
        {"WATERMARK_TABLE", "a table"},
        {"WATERMARK_TABLE", "arn:aws:dynamodb:eu-west-1:123456789012:table/x"},
        {"WATERMARK_TABLE", std::string(256, 'x')},
        {"BASE_PATH", "name"},
        {"BASE_PATH", "/"},
        {"BASE_PATH", "/a/"},
        {"BASE_PATH", "//a"},
        {"BASE_PATH", "/a//b"},
        {"BASE_PATH", "/a b"},
        {"BASE_PATH", "/a%2f"},
        {"BASE_PATH", "/a?b"},
        {"KNOWN_KEYS", "off"},
        {"KNOWN_KEYS", "ON"},
        {"KNOWN_KEYS", "true"},
        {"HEDGING", "on"},
        {"HEDGING", "OFF"},
        {"HEDGING", "0"},
        {"AWS_USE_FIPS_ENDPOINT", "TRUE"},
        {"AWS_USE_FIPS_ENDPOINT", "1"},
        {"AWS_USE_DUALSTACK_ENDPOINT", "yes"},
        {"AWS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt"},
        {"AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:4566"},
        {"AWS_ENDPOINT_URL_KMS", "https://kms.eu-west-2.amazonaws.com"},
        {"AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.eu-west-1.amazonaws.com.evil.net"},
        {"AWS_ENDPOINT_URL_DYNAMODB", "https://kms.eu-west-1.amazonaws.com"},
    };
    for (const Row& row : rows) {
        const auto found = mistakes(with(enough(), {{row.variable, row.value}}));
        ASSERT_FALSE(found.empty()) << row.variable << "=" << row.value;
        EXPECT_EQ(found.size(), 1U) << ::testing::PrintToString(found);
        EXPECT_TRUE(found[0].starts_with(row.variable)) << found[0];
    }
}

TEST(Config, ItsFingerprintIsThatOfTheVariablesThatMatter) {
    EXPECT_EQ(read(enough()).fingerprint,
              to_hex(crypto::sha256(bytes_of("AUTHORIZED_KEYS=" + public_key(1) + "\nKMS_KEY_ID=" +
                                             arn + "\nWATERMARK_TABLE=redoubt-watermarks\n"))));
    std::set<std::string> fingerprints = {read(enough()).fingerprint};
    const Variables changes = {{"KMS_KEY_ID", other_arn},
                               {"AUTHORIZED_KEYS", public_key(2)},
                               {"WATERMARK_TABLE", "another"},
                               {"PUBLIC_KEYS", public_key(3)},
                               {"KNOWN_KEYS", "on"},
                               {"HEDGING", "off"},
                               {"AWS_ENDPOINT_URL_KMS", "https://kms-fips.eu-west-1.amazonaws.com"},
                               {"AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.eu-west-1.api.aws"},
                               {"AWS_USE_FIPS_ENDPOINT", "true"},
                               {"AWS_USE_DUALSTACK_ENDPOINT", "true"},
                               {"WRAPPING_KEYS", other_arn},
                               {"PROVE_POSSESSION", "on"}};
    for (const auto& change : changes) {
        fingerprints.insert(read(with(enough(), {change})).fingerprint);
    }
    EXPECT_EQ(fingerprints.size(), changes.size() + 1);
}

TEST(Config, ItsFingerprintHoldsNothingThatCouldBeGuessedAndNothingThatRotates) {
    for (const auto& change : Variables{{"BASE_PATH", "/name"},
                                        {"AWS_ACCESS_KEY_ID", "ASIAOTHER"},
                                        {"AWS_SECRET_ACCESS_KEY", "other"},
                                        {"AWS_SESSION_TOKEN", "other"},
                                        {"_HANDLER", "operator"},
                                        {"HEDGING", ""},
                                        {"UNKNOWN", "x"}}) {
        EXPECT_EQ(read(with(enough(), {change})).fingerprint, read(enough()).fingerprint)
            << change.first;
    }
}

TEST(Config, SealedKeysMayStandInThePlaceOfThoseInKms) {
    const Variables sealed = {{"KMS_KEY_ID", ""},
                              {"SEALED_KEYS", bls_key(5) + ", " + bls_key(6)},
                              {"WRAPPING_KEYS", far_arn + "," + arn}};
    const Config config = read(with(enough(), sealed));
    EXPECT_TRUE(config.key_arns.empty());
    EXPECT_EQ(config.sealed_keys.at(0).public_key_text, bls_key(5));
    EXPECT_EQ(config.sealed_keys.at(1).public_key_text, bls_key(6));
    EXPECT_EQ(config.wrapping_keys.at(0).text, far_arn) << "of any Region and account";
    EXPECT_EQ(config.wrapping_keys.size(), 2U);
    EXPECT_FALSE(config.prove_possession);
    EXPECT_TRUE(read(with(enough(), {{"PROVE_POSSESSION", "on"}})).prove_possession);
    EXPECT_EQ(
        read(with(enough(), {{"SEALED_KEYS", bls_key(5)}, {"WRAPPING_KEYS", arn}})).key_arns.size(),
        1U)
        << "beside those in KMS";
}

TEST(Config, KeysOfOtherRegionsAreAskedThere) {
    const Variables far = {{"WRAPPING_KEYS", far_arn + "," + arn + "," + far_arn + "7"}};
    const Config config = read(with(with(enough(), far), {{"AWS_USE_FIPS_ENDPOINT", "true"}}));
    ASSERT_EQ(config.aws.kms_elsewhere.size(), 1U);
    EXPECT_EQ(config.aws.kms_elsewhere[0].region, "us-west-2");
    EXPECT_EQ(config.aws.kms_elsewhere[0].endpoint.host(), "kms-fips.us-west-2.amazonaws.com");
    const Variables own = {{"AWS_ENDPOINT_URL_KMS", "https://kms-fips.eu-west-1.amazonaws.com"}};
    EXPECT_EQ(read(with(with(enough(), far), own)).aws.kms_elsewhere[0].endpoint.host(),
              "kms-fips.us-west-2.amazonaws.com")
        << "of the same kind";
    const Variables local = {{"KMS_KEY_ID", stand_in_arn},
                             {"WRAPPING_KEYS", "arn:aws:kms:us-west-2:000000000000:key/5e6f"},
                             {"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"}};
    EXPECT_EQ(read(with(enough(), local)).aws.kms_elsewhere[0].endpoint.origin,
              "http://127.0.0.1:4566");
}

TEST(Config, EachMistakeAboutSealedKeysIsNamed) {
    struct Row {
        std::string variable, value, says;
    };
    // 0xc0, then zeros: the point at infinity.
    const std::string infinity =
        "BLpk221KuhaXc1tMowWziKHB1ycetnfumXqwKumbydo2ops4CA6MtdQ5fmVUpPd9JC7x4pDPyP6M";
    const std::vector<Row> rows = {
        {"SEALED_KEYS", bls_key(5) + "," + bls_key(5), "is listed twice"},
        {"SEALED_KEYS", public_key(1), "is not a BLS public key"},
        {"SEALED_KEYS", infinity, "is not a BLS public key"},
        {"SEALED_KEYS", bls_key(5) + ",", "is empty: remove a comma"},
        {"WRAPPING_KEYS", "", "is missing"},
        {"WRAPPING_KEYS", "alias/x", "is not a key ARN"},
        {"WRAPPING_KEYS", arn + "," + arn, "is listed twice"},
        {"PUBLIC_KEYS", bls_key(6), "is not a Tezos public key of a kind that KMS has"},
        {"PROVE_POSSESSION", "yes", "must be `on`"},
    };
    const Variables sealed =
        with(enough(), {{"SEALED_KEYS", bls_key(5)}, {"WRAPPING_KEYS", other_arn}});
    for (const Row& row : rows) {
        const auto found = mistakes(with(sealed, {{row.variable, row.value}}));
        ASSERT_EQ(found.size(), 1U)
            << row.variable << "=" << row.value << " " << ::testing::PrintToString(found);
        EXPECT_TRUE(found[0].starts_with(row.variable)) << found[0];
        EXPECT_TRUE(found[0].contains(row.says)) << found[0];
    }
}

TEST(Config, AWrapHasAtMostFiveShares) {
    std::string list;
    for (int i = 1; i <= 6; ++i) list += (i == 1 ? "" : ",") + arn + std::to_string(i);
    EXPECT_EQ(mistakes(with(enough(), {{"WRAPPING_KEYS", list}})),
              (std::vector<std::string>{"WRAPPING_KEYS lists more than 5 keys"}));
}

TEST(Config, WhoMakesKeysMayHaveNoneYet) {
    const Variables none = with(enough(), {{"KMS_KEY_ID", ""}, {"WRAPPING_KEYS", arn}});
    EXPECT_TRUE(mistakes(none, TezosRole::KeyHandler).empty());
    const auto found = mistakes(none);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].contains("or set SEALED_KEYS")) << found[0];
    EXPECT_EQ(mistakes(with(none, {{"WRAPPING_KEYS", ""}}), TezosRole::KeyHandler).size(), 1U);
}

TEST(Config, TheGeneralEndpointCannotBeBothServices) {
    const auto found =
        mistakes(with(enough(), {{"AWS_ENDPOINT_URL", "https://kms.eu-west-1.amazonaws.com"}}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(found[0].find("dynamodb"), std::string::npos);
}

TEST(Config, AllMistakesAreReportedTogether) {
    EXPECT_EQ(mistakes({}).size(), 6U);
    const auto found = mistakes(with(enough(), {{"KMS_KEY_ID", "alias/a,alias/b"},
                                                {"AUTHORIZED_KEYS", "x"},
                                                {"WATERMARK_TABLE", ""},
                                                {"BASE_PATH", "x"},
                                                {"KNOWN_KEYS", "x"},
                                                {"AWS_CA_BUNDLE", "x"},
                                                {"AWS_ENDPOINT_URL_KMS", "x"}}));
    EXPECT_EQ(found.size(), 8U) << ::testing::PrintToString(found);
}

TEST(Config, OneMistakeIsNotReportedAsThree) {
    EXPECT_EQ(mistakes(with(enough(), {{"KMS_KEY_ID", "alias/a"},
                                       {"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"}}))
                  .size(),
              1U);
}

TEST(Config, NoMistakeShowsASecret) {
    const auto found = mistakes(with(enough(), {{"AWS_SECRET_ACCESS_KEY", "do-not-show"},
                                                {"AWS_SESSION_TOKEN", "do-not-show"},
                                                {"AWS_REGION", ""},
                                                {"BASE_PATH", "do-not-show"},
                                                {"KMS_KEY_ID", ""}}));
    for (const std::string& mistake : found) {
        EXPECT_EQ(mistake.find("do-not-show"), std::string::npos) << mistake;
    }
}

TEST(Config, ExactNamesOfAwsMayBeGivenAsEndpoints) {
    const Config config = read(
        with(enough(), {{"AWS_ENDPOINT_URL_KMS", "https://kms-fips.eu-west-1.amazonaws.com"},
                        {"AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.eu-west-1.api.aws/"}}));
    EXPECT_EQ(config.aws.kms.origin, "https://kms-fips.eu-west-1.amazonaws.com");
    EXPECT_EQ(config.aws.dynamodb.origin, "https://dynamodb.eu-west-1.api.aws");
}

TEST(Config, EndpointsMayBeOfFipsAndOfBothStacks) {
    struct Row {
        Variables more;
        std::string kms, dynamodb;
    };
    for (const Row& row : {
             Row{{{"AWS_USE_FIPS_ENDPOINT", "true"}},
                 "kms-fips.eu-west-1.amazonaws.com",
                 "dynamodb-fips.eu-west-1.amazonaws.com"},
             Row{{{"AWS_USE_DUALSTACK_ENDPOINT", "true"}},
                 "kms.eu-west-1.api.aws",
                 "dynamodb.eu-west-1.api.aws"},
             Row{{{"AWS_USE_FIPS_ENDPOINT", "true"}, {"AWS_USE_DUALSTACK_ENDPOINT", "true"}},
                 "kms-fips.eu-west-1.api.aws",
                 "dynamodb-fips.eu-west-1.api.aws"},
             Row{{{"AWS_USE_FIPS_ENDPOINT", "false"}, {"AWS_USE_DUALSTACK_ENDPOINT", "false"}},
                 "kms.eu-west-1.amazonaws.com",
                 "dynamodb.eu-west-1.amazonaws.com"},
         }) {
        const Config config = read(with(enough(), row.more));
        EXPECT_EQ(config.aws.kms.host(), row.kms);
        EXPECT_EQ(config.aws.dynamodb.host(), row.dynamodb);
    }
}

TEST(Config, AnEndpointByItsNameIsNotAlsoOfAKind) {
    for (const std::string flag : {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}) {
        const Variables named = {{"AWS_ENDPOINT_URL_KMS", "https://kms.eu-west-1.amazonaws.com"}};
        EXPECT_EQ(mistakes(with(with(enough(), named), {{flag, "true"}})),
                  (std::vector<std::string>{
                      flag + " and AWS_ENDPOINT_URL_KMS exclude each other: remove one"}));
        EXPECT_TRUE(mistakes(with(with(enough(), named), {{flag, "false"}})).empty());
    }
}

TEST(Config, EndpointsFollowThePartitionOfTheKeys) {
    const Config config =
        read(with(enough(), {{"AWS_REGION", "cn-north-1"},
                             {"KMS_KEY_ID", "arn:aws-cn:kms:cn-north-1:123456789012:key/1a2b"}}));
    EXPECT_EQ(config.aws.kms.origin, "https://kms.cn-north-1.amazonaws.com.cn");
}

/// A file that goes away again.
class File {
public:
    explicit File(const std::string& content) { std::ofstream(path, std::ios::binary) << content; }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { static_cast<void>(std::remove(path.c_str())); }

    const std::string path = ::testing::TempDir() + "redoubt-roots-" +
                             std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                             "-" + std::to_string(std::hash<const void*>()(this)) + ".pem";
};

TEST(StandIns, MayBeAnywhereAndHaveTheirOwnRoots) {
    const File roots("-----BEGIN CERTIFICATE-----");
    const Config config =
        read(with(enough(), {{"KMS_KEY_ID", stand_in_arn},
                             {"AWS_CA_BUNDLE", roots.path},
                             {"AWS_ENDPOINT_URL", "https://127.0.0.1:4566"},
                             {"AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000"}}));
    EXPECT_EQ(config.aws.trusted_roots, "-----BEGIN CERTIFICATE-----");
    EXPECT_EQ(config.aws.kms.origin, "https://127.0.0.1:4566");
    EXPECT_EQ(config.aws.dynamodb.origin, "http://localhost:8000")
        << "the particular one counts more";
}

TEST(StandIns, RootsThatCannotBeReadAreAMistake) {
    const File empty(""), no_roots("no certificate");
    for (const std::string& path :
         {std::string("/nowhere/roots.pem"), empty.path, no_roots.path, std::string("/tmp")}) {
        EXPECT_EQ(mistakes(with(enough(), {{"KMS_KEY_ID", stand_in_arn}, {"AWS_CA_BUNDLE", path}}))
                      .size(),
                  1U)
            << path;
    }
}

TEST(StandIns, OneRealWrappingKeyIsEnoughToMeanAws) {
    const Variables local = {{"KMS_KEY_ID", stand_in_arn},
                             {"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"}};
    EXPECT_TRUE(mistakes(with(with(enough(), local), {{"WRAPPING_KEYS", stand_in_arn}})).empty());
    EXPECT_EQ(mistakes(with(with(enough(), local), {{"WRAPPING_KEYS", far_arn}})).size(), 2U);
}

TEST(StandIns, OneRealKeyIsEnoughToMeanAws) {
    const File roots("-----BEGIN CERTIFICATE-----");
    for (const std::string& keys :
         {stand_in_arn + "," + other_arn, other_arn + "," + stand_in_arn}) {
        EXPECT_EQ(mistakes(with(enough(), {{"KMS_KEY_ID", keys},
                                           {"AWS_CA_BUNDLE", roots.path},
                                           {"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"}}))
                      .size(),
                  3U)
            << keys;
    }
    // Nor does a mistyped key make an account of stand-ins.
    EXPECT_EQ(mistakes(with(enough(), {{"KMS_KEY_ID", "alias/x," + other_arn},
                                       {"AWS_CA_BUNDLE", roots.path},
                                       {"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"}}))
                  .size(),
              4U);
}

}  // namespace
}  // namespace redoubt::test
