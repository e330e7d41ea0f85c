// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/kms/kms.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <redoubt/base/encoding.hpp>

#include <fakes/aws_world.hpp>
#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

namespace kms = aws::kms;
using crypto::SignatureScheme;

const aws::KeyArn arn = aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/1a2b").value();
constexpr crypto::Digest message_digest = {0x0a, 0x0b};

std::string algorithm_of(SignatureScheme scheme) {
    return scheme == SignatureScheme::Ed25519 ? "ED25519_SHA_512" : "ECDSA_SHA_256";
}

aws::Reply reply_of(SignatureScheme scheme, const Bytes& signature) {
    return {{},
            {{"KeyId", arn.text},
             {"Signature", to_base64(signature)},
             {"SigningAlgorithm", algorithm_of(scheme)}},
            some_morning};
}

std::string code(const auto& result) {
    return result ? "read" : std::string(name(result.error().code));
}

TEST(KmsSign, AsksForTheSchemeOfTheCurve) {
    for (const SignatureScheme scheme : kms_schemes) {
        AwsWorld world;
        world.runner.follow([&](const http::ClientRequest& call) {
            EXPECT_EQ(header_of(call, "X-Amz-Target"), "TrentService.Sign");
            EXPECT_EQ(header_of(call, "Content-Type"), "application/x-amz-json-1.1");
            const Json expected = {
                {"KeyId", arn.text},
                {"Message", to_base64(message_digest)},
                {"MessageType", scheme == SignatureScheme::Ed25519 ? "RAW" : "DIGEST"},
                {"SigningAlgorithm", algorithm_of(scheme)}};
            EXPECT_EQ(body_of(call), expected);
            return aws_answer(200, Json::object(), some_morning);
        });
        auto operation = kms::sign(world.kms, arn, scheme, message_digest);
        world.run(operation);
        EXPECT_EQ(world.runner.calls.size(), 1U);
    }
}

TEST(KmsSignature, IsReadWithALowS) {
    for (const SignatureScheme scheme : kms_schemes) {
        const SecretKey secret(scheme, {0x61});
        for (int i = 0; i < 8; ++i) {
            const auto raw = kms::read_signature(
                reply_of(scheme, secret.sign_as_kms(message_digest)), arn, scheme);
            ASSERT_TRUE(raw.has_value());
            EXPECT_TRUE(secret.named().public_key.verify(of_digest(message_digest), *raw,
                                                         crypto::HighS::Refused));
        }
    }
}

TEST(KmsSignature, AboutAnotherKeyOrAlgorithmIsRefused) {
    for (const SignatureScheme scheme : kms_schemes) {
        const Bytes signature = SecretKey(scheme, {0x61}).sign_as_kms(message_digest);
        const std::vector<std::function<void(Json&)>> changes = {
            [](Json& body) { body["KeyId"] = "arn:aws:kms:eu-west-1:123456789012:key/1a2c"; },
            [](Json& body) { body["KeyId"] = "1a2b"; },
            [](Json& body) { body.erase("KeyId"); },
            [](Json& body) { body["KeyId"] = 7; },
            [](Json& body) { body["SigningAlgorithm"] = "ECDSA_SHA_384"; },
            [](Json& body) { body["SigningAlgorithm"] = "ED25519_PH_SHA_512"; },
            [](Json& body) { body.erase("SigningAlgorithm"); },
        };
        for (const auto& change : changes) {
            aws::Reply reply = reply_of(scheme, signature);
            change(reply.body);
            EXPECT_EQ(code(kms::read_signature(reply, arn, scheme)), "kms_refused") << reply.body;
        }
    }
}

TEST(KmsSignature, ThatCannotBeReadIsBad) {
    for (const SignatureScheme scheme : kms_schemes) {
        const Bytes right = SecretKey(scheme, {0x61}).sign_as_kms(message_digest);
        Bytes longer = right, shorter = right;
        longer.push_back(0);
        shorter.pop_back();
        for (const Bytes& wrong : {longer, shorter, Bytes(), Bytes(64, 0xff)}) {
            if (scheme == SignatureScheme::Ed25519 && wrong.size() == 64) continue;
            EXPECT_EQ(code(kms::read_signature(reply_of(scheme, wrong), arn, scheme)),
                      "bad_signature");
        }
        aws::Reply none = reply_of(scheme, right), no_base64 = none, no_text = none;
        none.body.erase("Signature");
        no_base64.body["Signature"] = "????";
        no_text.body["Signature"] = 7;
        for (const aws::Reply& reply : {none, no_base64, no_text}) {
            EXPECT_EQ(code(kms::read_signature(reply, arn, scheme)), "bad_signature");
        }
    }
}

aws::Reply shown(const Bytes& spki) {
    return {{},
            {{"KeyId", arn.text}, {"KeyUsage", "SIGN_VERIFY"}, {"PublicKey", to_base64(spki)}},
            some_morning};
}

TEST(KmsPublicKey, IsReadForTheThreeCurves) {
    for (const SignatureScheme scheme : kms_schemes) {
        const SecretKey secret(scheme, {0x61});
        const auto read = kms::read_public_key(shown(secret.spki()), arn);
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(*read, secret.named().public_key);
    }
}

TEST(KmsPublicKey, OfAnotherKeyOrUseIsRefused) {
    const Bytes spki = SecretKey(SignatureScheme::P256, {0x61}).spki();
    const std::vector<std::function<void(Json&)>> changes = {
        [](Json& body) { body["KeyId"] = "arn:aws:kms:eu-west-1:123456789012:key/1a2c"; },
        [](Json& body) { body["KeyUsage"] = "KEY_AGREEMENT"; },
        [](Json& body) { body.erase("KeyUsage"); },
        [](Json& body) { body.erase("PublicKey"); },
        [](Json& body) { body["PublicKey"] = "AAAA"; },
        [](Json& body) { body["PublicKey"] = "?"; },
    };
    for (const auto& change : changes) {
        aws::Reply reply = shown(spki);
        change(reply.body);
        EXPECT_EQ(code(kms::read_public_key(reply, arn)), "kms_refused") << reply.body;
    }
}

TEST(KmsPublicKey, IsAskedForByItsArn) {
    AwsWorld world;
    world.runner.follow([&](const http::ClientRequest& call) {
        EXPECT_EQ(header_of(call, "X-Amz-Target"), "TrentService.GetPublicKey");
        EXPECT_EQ(body_of(call), (Json{{"KeyId", arn.text}}));
        return aws_answer(200, Json::object(), some_morning);
    });
    auto operation = kms::get_public_key(world.kms, arn);
    world.run(operation);
    EXPECT_TRUE(operation.outcome().has_value());
}

}  // namespace
}  // namespace redoubt::test
