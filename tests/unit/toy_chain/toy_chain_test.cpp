// SPDX-License-Identifier: Apache-2.0
// That a second chain needs nothing but its own folder: see chain.hpp.
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

#include <fakes/aws_world.hpp>
#include <fakes/secret_key.hpp>
#include "chain.hpp"

namespace redoubt::test {
namespace {

namespace dynamodb = aws::dynamodb;

class ToyChain : public ::testing::Test {
protected:
    ToyChain() {
        world.runner.follow([this](const http::ClientRequest& request) {
            const Json body = body_of(request);
            return request.origin.contains("//kms.") ? kms(body) : table(body);
        });
    }

    http::Response kms(const Json& body) {
        const Bytes message = from_base64(body.at("Message").get<std::string>()).value();
        crypto::Digest asked{};
        std::ranges::copy(message, asked.begin());
        return aws_answer(200,
                          {{"KeyId", body.at("KeyId")},
                           {"SigningAlgorithm", body.at("SigningAlgorithm")},
                           {"Signature", to_base64(secret.sign_as_kms(asked))}},
                          world.clock.wall());
    }
    /// By the values alone; the words are DynamoDB's to read.
    http::Response table(const Json& body) {
        const Json& values = body.at("ExpressionAttributeValues");
        const bool arms = body.at("ConditionExpression") == "attribute_not_exists(#id)";
        const std::int64_t number = dynamodb::read_number(values, ":n").value();
        const bool allowed =
            arms ? item.is_null()
                 : !item.is_null() && dynamodb::read_number(item, "number").value() < number;
        if (!allowed) {
            Json more = Json::object();
            if (!item.is_null()) more["Item"] = item;
            return aws_error(400, std::string(dynamodb::condition_failed), world.clock.wall(),
                             more);
        }
        item["id"] = body.at("Key").at("id");
        item["number"] = values.at(":n");
        if (!arms) item["digest"] = values.at(":d");
        return aws_answer(200, {{"Attributes", item}}, world.clock.wall());
    }

    std::string sign(std::int64_t number, Byte content) {
        const toy::Message message{number, {content}};
        const auto signature = toy::sign(key, message, services, SteadyTime::max());
        if (!signature) return std::string(name(signature.error().code));
        const crypto::RawSignature raw(from_hex(signature->text()).value());
        const bool is_right =
            key.public_key.verify({{}, message.digest}, raw, crypto::HighS::Refused);
        return is_right ? "signed" : "does not verify";
    }
    Json operate(const Json& fields) {
        const operators::CommandTable commands({toy::arm(key, services)});
        return to_answer(commands.run(fields.at("command").get<std::string>(),
                                      parse_json(dump(fields)).value(), SteadyTime::max()))
            .at("redoubt");
    }

    AwsWorld world;
    Json item;
    const SecretKey secret{crypto::SignatureScheme::P256, {0x51}};
    const toy::Key key{aws::parse_key_arn("arn:aws:kms:eu-west-1:123456789012:key/1a2b").value(),
                       secret.named().public_key};
    const toy::Services services{world.kms, world.dynamodb, world.runner};
};

TEST_F(ToyChain, SignsByItsOwnRuleThroughTheSameGate) {
    EXPECT_EQ(sign(8, 1), "not_armed");
    EXPECT_EQ(operate({{"command", "arm"}, {"number", 7}}), (Json{{"ok", true}, {"number", 7}}));
    EXPECT_EQ(sign(8, 1), "signed");
    EXPECT_EQ(sign(8, 1), "signed") << "the same again is committed";
    EXPECT_EQ(sign(8, 2), "already_signed");
    EXPECT_EQ(sign(7, 1), "below_watermark");
    EXPECT_EQ(sign(9, 2), "signed");
}

TEST_F(ToyChain, CommitsWhileKmsSigns) {
    static_cast<void>(operate({{"command", "arm"}, {"number", 7}}));
    world.runner.runs = 0;
    EXPECT_EQ(sign(8, 1), "signed");
    EXPECT_EQ(world.runner.runs, 1);
    EXPECT_EQ(world.runner.most_at_once, 2U);
}

TEST_F(ToyChain, BelievesNoOtherRowAndNoDamagedOne) {
    static_cast<void>(operate({{"command", "arm"}, {"number", 7}}));
    item["number"] = {{"S", "eight"}};
    world.runner.follow([this](const http::ClientRequest& request) {
        if (request.origin.contains("//kms.")) return kms(body_of(request));
        return aws_error(400, std::string(dynamodb::condition_failed), world.clock.wall(),
                         {{"Item", item}});
    });
    EXPECT_EQ(sign(8, 1), "damaged_row");
    item["id"] = {{"S", "another"}};
    EXPECT_EQ(sign(8, 1), "table_refused");
}

TEST_F(ToyChain, HasOperatorsCommandsOfItsOwn) {
    static_cast<void>(operate({{"command", "arm"}, {"number", 7}}));
    EXPECT_EQ(operate({{"command", "arm"}, {"number", 9}})["error"]["id"], "already_signed");
    EXPECT_EQ(operate({{"command", "arm"}, {"level", 9}})["error"]["msg"],
              "this command has no field `level`");
    EXPECT_EQ(operate({{"command", "raise"}})["error"]["msg"], "the commands are `arm`");
}

}  // namespace
}  // namespace redoubt::test
