// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/kms/regions.hpp>
#include <redoubt/aws/kms/seal.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <redoubt/base/encoding.hpp>

#include <fakes/aws_world.hpp>

namespace redoubt::test {
namespace {

namespace kms = aws::kms;

const aws::KeyArn wrapping_key =
    aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/9f8e").value();
const Bytes share(32, 0x5a);
const Bytes sealed_share = {0x01, 0x02, 0x03};
const kms::EncryptionContext sealing_context = {{"redoubt:wrap", "00ff"}, {"redoubt:share", "1/2"}};
const Json context_json = {{"redoubt:wrap", "00ff"}, {"redoubt:share", "1/2"}};

std::string sealing_code(const auto& result) {
    return result ? "read" : std::string(name(result.error().code));
}

Json decrypted(const Bytes& plaintext) {
    return {{"KeyId", wrapping_key.text},
            {"Plaintext", to_base64(plaintext)},
            {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"}};
}

/// What comes of an operation that is answered with that body, whatever it asks.
template <class Read>
auto answered(const std::string& body, const Read& read, aws::Operation (*make)(AwsWorld&)) {
    AwsWorld world;
    world.runner.follow([&](const http::ClientRequest& /*call*/) {
        return http::Response{200, {{"date", http_date(some_morning)}}, body};
    });
    aws::Operation operation = make(world);
    world.run(operation);
    return read(operation);
}

Result<GuardedBytes> decrypt_answered(const std::string& body, std::size_t size = 32) {
    return answered(
        body, [&](auto& done) { return kms::read_plaintext(done, wrapping_key, size); },
        [](AwsWorld& world) {
            return kms::decrypt(world.kms, wrapping_key, sealed_share, sealing_context);
        });
}

TEST(KmsEncrypt, SendsThePlaintextWithItsKeyAndContext) {
    AwsWorld world;
    world.runner.follow([&](const http::ClientRequest& call) {
        EXPECT_EQ(header_of(call, "X-Amz-Target"), "TrentService.Encrypt");
        EXPECT_EQ(body_of(call), (Json{{"KeyId", wrapping_key.text},
                                       {"Plaintext", to_base64(share)},
                                       {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"},
                                       {"EncryptionContext", context_json}}));
        return aws_answer(200,
                          {{"KeyId", wrapping_key.text},
                           {"CiphertextBlob", to_base64(sealed_share)},
                           {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"}},
                          some_morning);
    });
    auto operation = kms::encrypt(world.kms, wrapping_key, share, sealing_context);
    world.run(operation);
    EXPECT_EQ(world.runner.calls.size(), 1U);
    EXPECT_EQ(kms::read_ciphertext(operation.outcome().value(), wrapping_key).value(),
              sealed_share);
}

TEST(KmsEncrypt, RefusesAnAnswerAboutSomethingElse) {
    const Json right = {{"KeyId", wrapping_key.text},
                        {"CiphertextBlob", to_base64(sealed_share)},
                        {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"}};
    const std::vector<std::function<void(Json&)>> changes = {
        [](Json& body) { body["KeyId"] = "arn:aws:kms:eu-west-1:123456789012:key/9f8f"; },
        [](Json& body) { body["KeyId"] = "9f8e"; },
        [](Json& body) { body.erase("KeyId"); },
        [](Json& body) { body["EncryptionAlgorithm"] = "RSAES_OAEP_SHA_256"; },
        [](Json& body) { body.erase("EncryptionAlgorithm"); },
        [](Json& body) { body.erase("CiphertextBlob"); },
        [](Json& body) { body["CiphertextBlob"] = ""; },
        [](Json& body) { body["CiphertextBlob"] = "????"; },
        [](Json& body) { body["CiphertextBlob"] = to_base64(Bytes(6145)); },
    };
    for (const auto& change : changes) {
        aws::Reply reply{{}, right, some_morning};
        change(reply.body);
        const auto read = kms::read_ciphertext(reply, wrapping_key);
        EXPECT_EQ(sealing_code(read), "kms_refused") << reply.body;
        EXPECT_TRUE(!read && read.error().detail.contains(wrapping_key.text));
    }
}

TEST(KmsDecrypt, SendsTheCiphertextWithItsKeyAndContextAndIsNeverHedged) {
    AwsWorld world;
    world.runner.follow([&](const http::ClientRequest& call) {
        EXPECT_EQ(header_of(call, "X-Amz-Target"), "TrentService.Decrypt");
        EXPECT_EQ(body_of(call), (Json{{"KeyId", wrapping_key.text},
                                       {"CiphertextBlob", to_base64(sealed_share)},
                                       {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"},
                                       {"EncryptionContext", context_json}}));
        return aws_answer(200, decrypted(share), some_morning);
    });
    for (int i = 0; i < 20; ++i) {  // so many that a hedged one would be raced
        auto operation = kms::decrypt(world.kms, wrapping_key, sealed_share, sealing_context);
        const auto next = operation.next();
        ASSERT_TRUE(next.has_value());
        EXPECT_EQ(next->hedge_after, std::nullopt);
        EXPECT_EQ(operation.hedge_request(next->request), std::nullopt);
    }
    auto operation = kms::decrypt(world.kms, wrapping_key, sealed_share, sealing_context);
    world.run(operation);
    const auto read = kms::read_plaintext(operation, wrapping_key, share.size());
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(std::ranges::equal(read->view(), share));
}

TEST(KmsDecrypt, LeavesNoPlaintextInTheReply) {
    AwsWorld world;
    world.runner.follow([&](const http::ClientRequest& /*call*/) {
        return aws_answer(200, decrypted(share), some_morning);
    });
    auto operation = kms::decrypt(world.kms, wrapping_key, sealed_share, sealing_context);
    world.run(operation);
    EXPECT_EQ(operation.outcome().value().body,
              (Json{{"KeyId", wrapping_key.text},
                    {"Plaintext", ""},
                    {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"}}));
    EXPECT_TRUE(kms::read_plaintext(operation, wrapping_key, share.size()).has_value());
    EXPECT_FALSE(kms::read_plaintext(operation, wrapping_key, share.size()).has_value())
        << "it is taken once";
}

TEST(KmsDecrypt, RefusesAnAnswerAboutSomethingElse) {
    const std::vector<std::function<void(Json&)>> changes = {
        [](Json& body) { body["KeyId"] = "arn:aws:kms:us-east-1:123456789012:key/9f8e"; },
        [](Json& body) { body.erase("KeyId"); },
        [](Json& body) { body["EncryptionAlgorithm"] = "RSAES_OAEP_SHA_1"; },
        [](Json& body) { body.erase("Plaintext"); },
        [](Json& body) { body["Plaintext"] = ""; },
        [](Json& body) { body["Plaintext"] = 7; },
        [](Json& body) { body["Plaintext"] = Json::array({to_base64(share)}); },
        [](Json& body) { body["Plaintext"] = to_base64(Bytes(31, 0x5a)); },
        [](Json& body) { body["Plaintext"] = to_base64(Bytes(33, 0x5a)); },
        [](Json& body) { body["Plaintext"] = to_base64(share) + "===="; },
        [](Json& body) { body["Plaintext"] = std::string(44, '*'); },
        [](Json& body) { body["Plaintext"] = std::string(42, 'A') + "B="; },  // bits left over
        [](Json& body) { body["Plaintext"] = std::string(20000, 'A'); },
        [](Json& body) {
            body = {{"x", body}, {"KeyId", wrapping_key.text}};  // not of the object itself
        },
    };
    for (const auto& change : changes) {
        Json body = decrypted(share);
        change(body);
        const auto read = decrypt_answered(dump(body));
        EXPECT_EQ(sealing_code(read), "kms_refused") << body;
        EXPECT_TRUE(!read && read.error().detail.contains(wrapping_key.text)) << body;
    }
}

TEST(KmsDecrypt, FindsThePlaintextHoweverTheAnswerIsWritten) {
    const std::string key_id = R"("KeyId":")" + wrapping_key.text + R"(")";
    const std::string plain = R"("Plaintext":")" + to_base64(share) + R"(")";
    const std::string rest = R"("EncryptionAlgorithm":"SYMMETRIC_DEFAULT")";
    for (const std::string& body : {
             "{" + plain + "," + key_id + "," + rest + "}",
             "{" + key_id + "," + rest + ",\"x\":[{\"Plaintext\":\"AAAA\"}]," + plain + "}",
             "{ \"Plaintext\" \t:\r\n \"" + to_base64(share) + "\" ," + key_id + "," + rest + " }",
             R"({"v":"Plaintext","w":"\"Plaintext\":\"AAAA\"",)" + plain + "," + key_id + "," +
                 rest + "}",
         }) {
        const auto read = decrypt_answered(body);
        ASSERT_TRUE(read.has_value()) << body;
        EXPECT_TRUE(std::ranges::equal(read->view(), share)) << body;
    }
}

TEST(KmsDecrypt, TakesAnAnswerThatIsNoObjectAsDamaged) {
    const std::string right = dump(decrypted(share));
    for (const std::string& body :
         {std::string(), right + "}", right.substr(0, right.size() - 1),
          right.substr(0, right.find("Wlpa") + 4), "[" + right + "]",
          right.substr(0, right.size() - 1) + R"(,"Plaintext":"AAAA"})"}) {
        const auto read = decrypt_answered(body);
        EXPECT_EQ(sealing_code(read), "kms_unavailable") << body;
        EXPECT_TRUE(!read && read.error().detail.contains(wrapping_key.text)) << body;
    }
}

TEST(KmsDecrypt, NamesTheKeyAndWhatKmsSays) {
    struct Row {
        int status;
        std::string code, means;
    };
    for (const Row& row : {Row{400, "AccessDeniedException", "kms_refused"},
                           Row{400, "DisabledException", "kms_refused"},
                           Row{409, "KMSInvalidStateException", "kms_refused"},
                           Row{400, "NotFoundException", "kms_refused"},
                           Row{400, "InvalidCiphertextException", "kms_refused"},
                           Row{400, "IncorrectKeyException", "kms_refused"},
                           Row{400, "InvalidKeyUsageException", "kms_refused"},
                           Row{500, "KeyUnavailableException", "kms_unavailable"},
                           Row{500, "DependencyTimeoutException", "kms_unavailable"},
                           Row{400, "ThrottlingException", "kms_unavailable"},
                           Row{400, "ExpiredTokenException", "credentials_expired"}}) {
        AwsWorld world;
        world.runner.follow([&](const http::ClientRequest& /*call*/) {
            return aws_error(row.status, row.code, some_morning);
        });
        auto operation = kms::decrypt(world.kms, wrapping_key, sealed_share, sealing_context);
        world.run(operation);
        const auto read = kms::read_plaintext(operation, wrapping_key, share.size());
        EXPECT_EQ(sealing_code(read), row.means) << row.code;
        EXPECT_TRUE(!read && read.error().message.contains(row.code)) << row.code;
        EXPECT_TRUE(!read && read.error().detail.starts_with(wrapping_key.text)) << row.code;
    }
}

TEST(KmsRandom, IsAskedForByItsSize) {
    AwsWorld world;
    world.runner.follow([&](const http::ClientRequest& call) {
        EXPECT_EQ(header_of(call, "X-Amz-Target"), "TrentService.GenerateRandom");
        EXPECT_EQ(body_of(call), (Json{{"NumberOfBytes", 32}}));
        return aws_answer(200, {{"Plaintext", to_base64(share)}}, some_morning);
    });
    auto operation = kms::generate_random(world.kms, 32);
    world.run(operation);
    EXPECT_EQ(operation.outcome().value().body, (Json{{"Plaintext", ""}}));
    const auto read = kms::read_random(operation, 32);
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(std::ranges::equal(read->view(), share));
}

TEST(KmsRandom, OfAnotherLengthIsRefused) {
    for (const Json& body :
         {Json{{"Plaintext", to_base64(Bytes(31))}}, Json{{"Plaintext", to_base64(Bytes(64))}},
          Json{{"Plaintext", ""}}, Json::object(), Json{{"Plaintext", nullptr}}}) {
        const auto read = answered(
            dump(body), [](auto& done) { return kms::read_random(done, 32); },
            [](AwsWorld& world) { return kms::generate_random(world.kms, 32); });
        EXPECT_EQ(sealing_code(read), "kms_refused") << body;
    }
}

TEST(KmsRegions, SignEachCallForTheRegionOfItsKey) {
    AwsWorld world;
    kms::Regions regions(world.kms, "eu-west-1",
                         {{"us-east-2", {"https://kms.us-east-2.amazonaws.com"}}},
                         world.credentials, world.corrected);
    world.runner.follow([&](const http::ClientRequest& call) {
        const std::string region = call.origin.contains("us-east-2") ? "us-east-2" : "eu-west-1";
        EXPECT_TRUE(header_of(call, "Authorization").contains("/" + region + "/kms/"));
        EXPECT_EQ(header_of(call, "Host"), "kms." + region + ".amazonaws.com");
        Json body = decrypted(share);
        body["KeyId"] = body_of(call)["KeyId"];
        return aws_answer(200, body, some_morning);
    });
    const auto elsewhere =
        aws::parse_key_arn("arn:aws:kms:us-east-2:999999999999:key/9f8e").value();
    for (const aws::KeyArn& arn : {wrapping_key, elsewhere}) {
        auto operation = kms::decrypt(regions.in(arn), arn, sealed_share, sealing_context);
        world.run(operation);
        EXPECT_TRUE(kms::read_plaintext(operation, arn, share.size()).has_value()) << arn.text;
    }
    EXPECT_EQ(&regions.in(wrapping_key), &world.kms);
    EXPECT_THROW(static_cast<void>(regions.in(
                     aws::parse_key_arn("arn:aws:kms:sa-east-1:123456789012:key/9f8e").value())),
                 std::logic_error);
}

}  // namespace
}  // namespace redoubt::test
