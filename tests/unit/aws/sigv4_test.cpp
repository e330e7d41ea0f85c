// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/sigv4.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

#include <fakes/aws_world.hpp>

namespace redoubt::test {
namespace {

namespace sigv4 = aws::sigv4;

/// 2026-11-21T00:00:00Z
constexpr WallTime midnight = some_morning - std::chrono::hours(10);

std::string signature_in(const http::ClientRequest& call) {
    const std::string text = header_of(call, "Authorization");
    return text.substr(text.rfind('=') + 1);
}

aws::Credentials given_to_botocore() {
    return {"ASIAEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            Secret("TOKEN//EXAMPLE==")};
}

TEST(SigV4, AgreesWithBotocoreOnASignOfKms) {
    const FakeClock machine(midnight);
    aws::CorrectedClock clock(machine);
    const aws::Credentials credentials = given_to_botocore();
    aws::Service kms(aws::kms::traits(), {"https://kms.eu-west-1.amazonaws.com"}, "eu-west-1",
                     credentials, clock);
    const http::ClientRequest call = kms.call(
        "Sign",
        R"({"KeyId":"alias/baker","Message":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","MessageType":"DIGEST","SigningAlgorithm":"ECDSA_SHA_256"})");
    EXPECT_EQ(signature_in(call),
              "211cc11cb689c8b21ec2faa742612d5714e92ed80d0d9b82da6de2c8e9d96055");
    http::Pairs signed_ones = call.headers;
    std::erase_if(signed_ones, [](const auto& header) { return header.first == "Authorization"; });
    const std::string canonical =
        sigv4::canonical_request({"POST", "/", {}, signed_ones, call.body});
    EXPECT_EQ(to_hex(crypto::sha256(bytes_of(canonical))),
              "54d63db312c74076ba22dee2e8be5ef886d72e2c60004418e3a4e66b12117157");
    EXPECT_EQ(to_hex(sigv4::signing_key({midnight, "eu-west-1", "kms"},
                                        credentials.secret_access_key.expose())),
              "289fabdb2b17c27b70779653134ea8d2ea94294d3e9941aea6367237c8b5b014");
}

TEST(SigV4, AgreesWithBotocoreOnAReadOfDynamoDb) {
    const FakeClock machine(midnight);
    aws::CorrectedClock clock(machine);
    const aws::Credentials credentials = given_to_botocore();
    aws::Service dynamodb(aws::dynamodb::traits(), {"https://dynamodb.eu-west-1.amazonaws.com"},
                          "eu-west-1", credentials, clock);
    const http::ClientRequest call = dynamodb.call(
        "GetItem", R"({"TableName":"hwm","Key":{"pk":{"S":"tz1"}},"ConsistentRead":true})");
    EXPECT_EQ(signature_in(call),
              "bc91443ca88c57f2d3187dc234177dfe7a0f4587b2a5c5ca2f4e7556c76c7b11");
    EXPECT_EQ(to_hex(sigv4::signing_key({midnight, "eu-west-1", "dynamodb"},
                                        credentials.secret_access_key.expose())),
              "b2b47560e7932a593fffc4d3083fa2905483ce33fe50813ae79296376074f768");
}

TEST(SigV4, DatesAreUtcWithoutFractions) {
    EXPECT_EQ(sigv4::amz_date(midnight), "20261121T000000Z");
    EXPECT_EQ(sigv4::amz_date(midnight + Milliseconds(999)), "20261121T000000Z");
    EXPECT_EQ(sigv4::amz_date(midnight - Milliseconds(1)), "20261120T235959Z");
    EXPECT_EQ(sigv4::scope_text({midnight - Milliseconds(1), "eu-west-1", "kms"}),
              "20261120/eu-west-1/kms/aws4_request");
}

TEST(SigV4, HeadersAreFoldedSortedAndJoined) {
    const sigv4::Message message{"POST",
                                 "/",
                                 {},
                                 {{"X-Amz-Target", "  a   b\t c "},
                                  {"host", "example.com"},
                                  {"X-AMZ-target", "d"},
                                  {"Content-Type", ""}},
                                 "body"};
    EXPECT_EQ(sigv4::signed_headers(message.headers), "content-type;host;x-amz-target");
    EXPECT_EQ(sigv4::canonical_request(message),
              "POST\n/\n\ncontent-type:\nhost:example.com\nx-amz-target:a b c,d\n\n"
              "content-type;host;x-amz-target\n" +
                  to_hex(crypto::sha256(bytes_of("body"))));
}

TEST(SigV4, QueriesAreEncodedAndSortedAfterEncoding) {
    const sigv4::Message message{
        "GET", "/a b/%41", {{"b", "2"}, {"a", "z"}, {"a", " y"}, {"\xe1\x88\xb4", "/"}}, {}, {}};
    const std::string canonical = sigv4::canonical_request(message);
    EXPECT_TRUE(canonical.starts_with("GET\n/a%20b/%2541\n%E1%88%B4=%2F&a=%20y&a=z&b=2\n"))
        << canonical;
}

}  // namespace
}  // namespace redoubt::test
