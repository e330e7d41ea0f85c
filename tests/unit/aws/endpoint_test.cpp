// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/endpoint.hpp>

#include <gtest/gtest.h>

#include <array>

namespace redoubt::test {
namespace {

using aws::parse_endpoint;
using aws::parse_key_arn;

TEST(KeyArn, IsReadInItsParts) {
    const auto arn = parse_key_arn(
        "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    ASSERT_TRUE(arn.has_value());
    EXPECT_EQ(arn->partition, "aws");
    EXPECT_EQ(arn->region, "eu-west-1");
    EXPECT_EQ(arn->account, "123456789012");
    EXPECT_EQ(arn->text,
              "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    for (const std::string text : {"arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1a2b",
                                   "arn:aws-cn:kms:cn-north-1:123456789012:key/1a",
                                   "arn:aws-eusc:kms:eusc-de-east-1:123456789012:key/1a"}) {
        EXPECT_TRUE(parse_key_arn(text).has_value()) << text;
    }
}

TEST(KeyArn, NothingElseIsOne) {
    for (const std::string text : {"",
                                   "1234abcd-12ab-34cd-56ef-1234567890ab",
                                   "alias/baker",
                                   "arn:aws:kms:eu-west-1:123456789012:alias/baker",
                                   "arn:aws:kms:eu-west-1:123456789012:key/",
                                   "arn:aws:kms:eu-west-1:123456789012:key",
                                   "arn:aws:kms:eu-west-1:123456789012:1a",
                                   "arn:aws:kms:eu-west-1:12345678901:key/1a",
                                   "arn:aws:kms:eu-west-1:1234567890123:key/1a",
                                   "arn:aws:kms:eu-west-1::key/1a",
                                   "arn:aws:kms:eu-west-1:12345678901x:key/1a",
                                   "arn:aws:kms::123456789012:key/1a",
                                   "arn:aws:kms:EU-WEST-1:123456789012:key/1a",
                                   "arn:aws:kms:eu.west:123456789012:key/1a",
                                   "arn:aws:kms:-eu:123456789012:key/1a",
                                   "arn:aws:dynamodb:eu-west-1:123456789012:key/1a",
                                   "arn:aws-moon:kms:eu-west-1:123456789012:key/1a",
                                   "arn::kms:eu-west-1:123456789012:key/1a",
                                   "ARN:aws:kms:eu-west-1:123456789012:key/1a",
                                   "arn:aws:kms:eu-west-1:123456789012:key/1a:1",
                                   "arn:aws:kms:eu-west-1:123456789012:key/1a/2",
                                   "arn:aws:kms:eu-west-1:123456789012:key/1A",
                                   " arn:aws:kms:eu-west-1:123456789012:key/1a",
                                   "arn:aws:kms:eu-west-1:123456789012:key/1a "}) {
        EXPECT_FALSE(parse_key_arn(text).has_value()) << text;
    }
}

TEST(Region, IsWhatMayStandInAHostName) {
    for (const std::string text : {"eu-west-1", "us-gov-east-1", "cn-north-1", "a"}) {
        EXPECT_TRUE(aws::is_region(text)) << text;
    }
    for (const std::string& text :
         {std::string(), std::string("-a"), std::string("a-"), std::string("a.b"), std::string("A"),
          std::string("a/b"), std::string("a@b"), std::string("a b"), std::string(33, 'a')}) {
        EXPECT_FALSE(aws::is_region(text)) << text;
    }
}

TEST(RegionalEndpoint, FollowsThePartition) {
    struct Row {
        std::string region, partition, origin;
    };
    for (const Row& row :
         {Row{"eu-west-1", "aws", "https://kms.eu-west-1.amazonaws.com"},
          Row{"us-gov-west-1", "aws-us-gov", "https://kms.us-gov-west-1.amazonaws.com"},
          Row{"cn-north-1", "aws-cn", "https://kms.cn-north-1.amazonaws.com.cn"},
          Row{"eusc-de-east-1", "aws-eusc", "https://kms.eusc-de-east-1.amazonaws.eu"}}) {
        const auto endpoint = aws::regional_endpoint("kms", row.region, row.partition);
        EXPECT_EQ(endpoint.origin, row.origin);
        EXPECT_EQ(endpoint.host(), row.origin.substr(8));
        // It is one of the names that an operator may give.
        EXPECT_TRUE(
            parse_endpoint(row.origin, "kms", row.region, row.partition, false).has_value());
    }
}

/// As botocore 1.43 resolves them.
TEST(RegionalEndpoint, MayBeOfFipsAndOfBothStacks) {
    struct Row {
        std::string region, partition;
        std::array<std::string, 4> kms, dynamodb;  // -, FIPS, dual-stack, both
    };
    for (const Row& row : {
             Row{"eu-west-1",
                 "aws",
                 {"kms.eu-west-1.amazonaws.com", "kms-fips.eu-west-1.amazonaws.com",
                  "kms.eu-west-1.api.aws", "kms-fips.eu-west-1.api.aws"},
                 {"dynamodb.eu-west-1.amazonaws.com", "dynamodb-fips.eu-west-1.amazonaws.com",
                  "dynamodb.eu-west-1.api.aws", "dynamodb-fips.eu-west-1.api.aws"}},
             Row{"us-gov-west-1",
                 "aws-us-gov",
                 {"kms.us-gov-west-1.amazonaws.com", "kms-fips.us-gov-west-1.amazonaws.com",
                  "kms.us-gov-west-1.api.aws", "kms-fips.us-gov-west-1.api.aws"},
                 {"dynamodb.us-gov-west-1.amazonaws.com", "dynamodb.us-gov-west-1.amazonaws.com",
                  "dynamodb.us-gov-west-1.api.aws", "dynamodb-fips.us-gov-west-1.api.aws"}},
             Row{"cn-north-1",
                 "aws-cn",
                 {"kms.cn-north-1.amazonaws.com.cn", "kms-fips.cn-north-1.amazonaws.com.cn",
                  "kms.cn-north-1.api.amazonwebservices.com.cn",
                  "kms-fips.cn-north-1.api.amazonwebservices.com.cn"},
                 {"dynamodb.cn-north-1.amazonaws.com.cn",
                  "dynamodb-fips.cn-north-1.amazonaws.com.cn",
                  "dynamodb.cn-north-1.api.amazonwebservices.com.cn",
                  "dynamodb-fips.cn-north-1.api.amazonwebservices.com.cn"}},
             Row{"eusc-de-east-1",
                 "aws-eusc",
                 {"kms.eusc-de-east-1.amazonaws.eu", "kms-fips.eusc-de-east-1.amazonaws.eu",
                  "kms.eusc-de-east-1.api.amazonwebservices.eu",
                  "kms-fips.eusc-de-east-1.api.amazonwebservices.eu"},
                 {"dynamodb.eusc-de-east-1.amazonaws.eu",
                  "dynamodb-fips.eusc-de-east-1.amazonaws.eu",
                  "dynamodb.eusc-de-east-1.api.amazonwebservices.eu",
                  "dynamodb-fips.eusc-de-east-1.api.amazonwebservices.eu"}},
         }) {
        for (std::size_t i = 0; i < 4; ++i) {
            const aws::EndpointKind kind{.fips = i % 2 == 1, .dual_stack = i >= 2};
            EXPECT_EQ(regional_endpoint("kms", row.region, row.partition, kind).host(), row.kms[i]);
            const auto table = regional_endpoint("dynamodb", row.region, row.partition, kind);
            EXPECT_EQ(table.host(), row.dynamodb[i]);
            EXPECT_TRUE(parse_endpoint(table.origin, "dynamodb", row.region, row.partition, false));
        }
    }
}

TEST(EndpointOverride, MayBeAVpcsOwnEndpointOfTheService) {
    for (const std::string host :
         {"vpce-1a2b3c4d-5e6f.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-0d5107b23891af2b9-sow3v4uq.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-0d5107b23891af2b9-sow3v4uq-eu-west-1a.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f.kms-fips.eu-west-1.vpce.amazonaws.com"}) {
        EXPECT_TRUE(parse_endpoint("https://" + host, "kms", "eu-west-1", "aws", false)) << host;
    }
    EXPECT_TRUE(parse_endpoint("https://vpce-1a2b-5e6f.dynamodb.cn-north-1.vpce.amazonaws.com.cn",
                               "dynamodb", "cn-north-1", "aws-cn", false));
    for (const std::string host :
         {"vpce-1a2b3c4d-5e6f.dynamodb.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f.kms.eu-west-2.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f.kms.eu-west-1.vpce.amazonaws.com.evil.net",
          "vpce-1a2b3c4d-5e6f.kms.eu-west-1.vpce.amazonaws.com.cn",
          "vpce-1a2b3c4d-5e6f.kms.eu-west-1.amazonaws.com",
          "vpce-1a2b3c4d-5e6f.kms.eu-west-1.vpce.api.aws",
          "vpce-1a2b3c4d.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-.kms.eu-west-1.vpce.amazonaws.com",
          "vpce--5e6f.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-xyz-5e6f.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5E6F.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f-eu-west-2a.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f-eu-west-1.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f-eu-west-11.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f-eu-west-1ab.kms.eu-west-1.vpce.amazonaws.com",
          "evil.vpce-1a2b3c4d-5e6f.kms.eu-west-1.vpce.amazonaws.com",
          "vpce-1a2b3c4d-5e6f.streams.dynamodb.eu-west-1.vpce.amazonaws.com",
          ".kms.eu-west-1.vpce.amazonaws.com", "kms.eu-west-1.vpce.amazonaws.com"}) {
        EXPECT_FALSE(parse_endpoint("https://" + host, "kms", "eu-west-1", "aws", false)) << host;
    }
}

TEST(EndpointOverride, IsAnExactNameOfTheService) {
    for (const std::string url :
         {"https://kms.eu-west-1.amazonaws.com", "https://kms.eu-west-1.amazonaws.com/",
          "https://kms-fips.eu-west-1.amazonaws.com", "https://kms.eu-west-1.api.aws",
          "https://kms-fips.eu-west-1.api.aws"}) {
        const auto endpoint = parse_endpoint(url, "kms", "eu-west-1", "aws", false);
        ASSERT_TRUE(endpoint.has_value()) << url;
        EXPECT_FALSE(endpoint->origin.ends_with('/'));
    }
}

TEST(EndpointOverride, NothingElseWillDo) {
    for (const std::string url : {"",
                                  "https://",
                                  "kms.eu-west-1.amazonaws.com",
                                  "http://kms.eu-west-1.amazonaws.com",
                                  "HTTPS://kms.eu-west-1.amazonaws.com",
                                  "https://kms.eu-west-2.amazonaws.com",
                                  "https://dynamodb.eu-west-1.amazonaws.com",
                                  "https://kms.eu-west-1.amazonaws.com.evil.net",
                                  "https://kms.eu-west-1.amazonaws.com:443",
                                  "https://kms.eu-west-1.amazonaws.com:8443",
                                  "https://user@kms.eu-west-1.amazonaws.com",
                                  "https://evil@kms.eu-west-1.amazonaws.com",
                                  "https://kms.eu-west-1.amazonaws.com/path",
                                  "https://kms.eu-west-1.amazonaws.com//",
                                  "https://kms.eu-west-1.amazonaws.com?x",
                                  "https://kms.eu-west-1.amazonaws.com#x",
                                  "https://evil.kms.eu-west-1.amazonaws.com",
                                  "https://kms.eu-west-1.amazonaws.com.cn",
                                  "https://KMS.eu-west-1.amazonaws.com",
                                  "https://kms.eu-west-1.amazonaws.eu",
                                  "https://localhost",
                                  "https://127.0.0.1:4566",
                                  "https://kms_fips.eu-west-1.amazonaws.com",
                                  "ftp://kms.eu-west-1.amazonaws.com",
                                  "https://kms.eu-west-1.amazonaws.com ",
                                  "https://kms.eu-west-1.amazonaws.com\n"}) {
        EXPECT_FALSE(parse_endpoint(url, "kms", "eu-west-1", "aws", false).has_value()) << url;
    }
    EXPECT_FALSE(parse_endpoint("https://kms.eu-west-1.amazonaws.com", "kms", "eu-west-1",
                                "aws-moon", false));
}

TEST(EndpointOverride, StandInsMayBeAnywhereButOnlyAnOrigin) {
    for (const std::string url :
         {"http://127.0.0.1:4566", "https://localhost:8443/", "https://[::1]:8443",
          "http://kms.test", "https://kms.eu-west-1.amazonaws.com"}) {
        EXPECT_TRUE(parse_endpoint(url, "kms", "eu-west-1", "aws", true).has_value()) << url;
    }
    for (const std::string url : {"", "http://", "http:///", "127.0.0.1:4566", "ftp://127.0.0.1",
                                  "http://127.0.0.1/path", "http://a@127.0.0.1", "http://a?b",
                                  "http://a b", "http://a\r\nb", "file:///etc/passwd"}) {
        EXPECT_FALSE(parse_endpoint(url, "kms", "eu-west-1", "aws", true).has_value()) << url;
    }
}

}  // namespace
}  // namespace redoubt::test
