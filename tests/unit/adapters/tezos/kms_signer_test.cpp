// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/kms_signer.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

#include <fakes/aws_world.hpp>
#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using tezos::SignatureScheme;

constexpr tezos::Digest signed_digest = {0x0d};
const aws::KeyArn arn = aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/1a2b").value();

/// A signer of one key whose answers are given.
class Signer {
public:
    explicit Signer(const SecretKey& key)
        : key_(key), signer_(world.kms, {{key.named().hash, arn}}) {}

    /// The text of the signature, or a code.
    std::string sign() {
        const auto pending = signer_.begin(key_.named(), {}, signed_digest);
        world.run(pending->exchange());
        calls = pending->exchange().stats().calls;
        failures = pending->exchange().stats().failures;
        stats = pending->exchange().stats();
        const auto outcome = pending->outcome();
        return outcome ? unreleased_text(key_.named(), *outcome)
                       : std::string(name(outcome.error().code));
    }
    std::string sign_with(const Bytes& answer) { return sign_with(answer, answer); }
    /// `first` to the first call, `later` to all others.
    std::string sign_with(const Bytes& first, const Bytes& later) {
        world.runner.follow([&, asked = 0](const http::ClientRequest& call) mutable {
            return aws_answer(200,
                              {{"KeyId", body_of(call).at("KeyId")},
                               {"SigningAlgorithm", body_of(call).at("SigningAlgorithm")},
                               {"Signature", to_base64(asked++ == 0 ? first : later)}},
                              world.clock.wall());
        });
        return sign();
    }

    AwsWorld world;
    int calls = 0;
    std::vector<std::string> failures;
    io::CallStats stats;

private:
    const SecretKey& key_;
    tezos_adapters::KmsSigner signer_;
};

TEST(KmsSigner, AnswersAVerifiedSignatureWithALowS) {
    for (const SignatureScheme scheme : kms_schemes) {
        const SecretKey key(scheme, {0x31});
        for (int i = 0; i < 10; ++i) {
            const auto signature =
                tezos::parse_signature(Signer(key).sign_with(key.sign_as_kms(signed_digest)));
            ASSERT_TRUE(signature.has_value());
            EXPECT_EQ(signature->scheme, scheme);
            EXPECT_TRUE(key.named().public_key.verify(of_digest(signed_digest), signature->raw,
                                                      crypto::HighS::Refused));
        }
    }
}

TEST(KmsSigner, LowersAHighS) {
    for (const SignatureScheme scheme : {SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        const SecretKey key(scheme, {0x31});
        const auto low = key.sign(signed_digest);
        EXPECT_EQ(Signer(key).sign_with(to_der(twin_of(scheme, low))), tezos::to_text(scheme, low));
        EXPECT_EQ(Signer(key).sign_with(to_der(low)), tezos::to_text(scheme, low));
    }
}

TEST(KmsSigner, ASignatureThatDoesNotVerifyIsBad) {
    for (const SignatureScheme scheme : kms_schemes) {
        const SecretKey key(scheme, {0x31}), stranger(scheme, {0x32});
        EXPECT_EQ(Signer(key).sign_with(stranger.sign_as_kms(signed_digest)), "bad_signature");
        EXPECT_EQ(Signer(key).sign_with(key.sign_as_kms({0x77})), "bad_signature");
        EXPECT_EQ(Signer(key).sign_with({}), "bad_signature");
    }
}

TEST(KmsSigner, ABadSignatureIsAskedForOnceMore) {
    for (const SignatureScheme scheme : kms_schemes) {
        const SecretKey key(scheme, {0x31}), stranger(scheme, {0x32});
        const Bytes good = key.sign_as_kms(signed_digest);
        Bytes flipped = good;
        flipped.at(good.size() / 2) ^= 0x10U;
        for (const Bytes& bad :
             {stranger.sign_as_kms(signed_digest), key.sign_as_kms({0x77}), flipped, Bytes{}}) {
            Signer signer(key);
            EXPECT_TRUE(tezos::parse_signature(signer.sign_with(bad, good)).has_value());
            EXPECT_EQ(signer.calls, 2);
            EXPECT_EQ(signer.failures, std::vector<std::string>{"bad_signature"});
            EXPECT_EQ(signer.sign_with(bad), "bad_signature");
            EXPECT_EQ(signer.calls, 2) << "never a third time";
        }
    }
}

/// By number, from 0, as KMS would name its answers; an error where `code` has one.
http::Response named_answer(std::size_t number, const std::string& code, const Bytes& signature) {
    http::Response answer = code.empty() ? aws_answer(200,
                                                      {{"KeyId", arn.text},
                                                       {"SigningAlgorithm", "ECDSA_SHA_256"},
                                                       {"Signature", to_base64(signature)}},
                                                      some_morning)
                                         : aws_error(500, code, some_morning);
    answer.headers.emplace_back("x-amzn-requestid", "answer-" + std::to_string(number));
    return answer;
}

TEST(KmsSigner, EachAnswerThatWasReadIsNamed) {
    const SecretKey key(SignatureScheme::P256, {0x31}), stranger(SignatureScheme::P256, {0x32});
    const Bytes good = key.sign_as_kms(signed_digest);
    const Bytes bad = stranger.sign_as_kms(signed_digest);
    struct Case {
        std::vector<http::Response> answers;
        std::string answer;
        std::vector<std::string> others;
    };
    for (const Case& c :
         {Case{{named_answer(0, "", good)}, "answer-0", {}},
          Case{{named_answer(0, "KMSInternalException", {}), named_answer(1, "", good)},
               "answer-1",
               {"answer-0"}},
          Case{{named_answer(0, "", bad), named_answer(1, "", good)}, "answer-1", {"answer-0"}},
          Case{{named_answer(0, "X", {}), named_answer(1, "X", {}), named_answer(2, "X", {})},
               "",
               {"answer-0", "answer-1", "answer-2"}},
          Case{{named_answer(0, "", bad), named_answer(1, "X", {}), named_answer(2, "", bad)},
               "answer-2",
               {"answer-1", "answer-0"}}}) {
        Signer signer(key);
        signer.world.runner.follow([&, asked = 0UL](const http::ClientRequest& /*call*/) mutable {
            return http::ResponseOrError(c.answers.at(asked++));
        });
        static_cast<void>(signer.sign());
        EXPECT_EQ(signer.stats.answer.text(), c.answer);
        std::vector<std::string> others;
        for (const auto& id : signer.stats.others) others.emplace_back(id.text());
        EXPECT_EQ(others, c.others);
        EXPECT_EQ(signer.calls, static_cast<int>(c.answers.size()));
    }
}

TEST(KmsSigner, ASecondTryThatFailsOtherwiseSaysSo) {
    const SecretKey key(SignatureScheme::P256, {0x31});
    Signer signer(key);
    signer.world.runner.follow([asked = 0](const http::ClientRequest& /*call*/) mutable {
        if (asked++ == 0)
            return http::ResponseOrError(aws_answer(200, Json::object(), some_morning));
        return http::ResponseOrError(lost(http::TransportFailure::Deadline));
    });
    EXPECT_EQ(signer.sign(), "deadline");
}

TEST(KmsSigner, TroubleHasItsOwnCodes) {
    const SecretKey key(SignatureScheme::P256, {0x31});
    struct Case {
        http::ResponseOrError answer;
        std::string code;
        int calls;
    };
    const WallTime now = some_morning;
    for (const Case& c :
         {Case{aws_error(400, "ThrottlingException", now), "kms_unavailable", 3},
          Case{aws_error(500, "KMSInternalException", now), "kms_unavailable", 3},
          Case{lost(http::TransportFailure::Timeout), "kms_unavailable", 3},
          Case{aws_error(400, "DisabledException", now), "kms_refused", 2},
          Case{aws_error(400, "AccessDeniedException", now), "kms_refused", 2},
          Case{aws_error(403, "ExpiredTokenException", now), "credentials_expired", 2},
          Case{lost(http::TransportFailure::Deadline), "deadline", 1},
          Case{aws_answer(200, Json::object(), now), "kms_refused", 2}}) {
        Signer signer(key);
        signer.world.runner.follow([&](const http::ClientRequest& /*call*/) { return c.answer; });
        EXPECT_EQ(signer.sign(), c.code);
        EXPECT_EQ(signer.calls, c.calls) << c.code;
    }
}

TEST(KmsSigner, AsksForTheKeyOfTheAddress) {
    const SecretKey first(SignatureScheme::P256, {0x31}), second(SignatureScheme::P256, {0x32});
    const auto other = aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/3c4d").value();
    AwsWorld world;
    std::string asked;
    world.runner.follow([&](const http::ClientRequest& call) {
        asked = body_of(call).at("KeyId");
        return lost(http::TransportFailure::Deadline);
    });
    tezos_adapters::KmsSigner signer(world.kms,
                                     {{first.named().hash, arn}, {second.named().hash, other}});
    world.run(signer.begin(first.named(), {}, signed_digest)->exchange());
    EXPECT_EQ(asked, arn.text);
    world.run(signer.begin(second.named(), {}, signed_digest)->exchange());
    EXPECT_EQ(asked, other.text);
}

}  // namespace
}  // namespace redoubt::test
