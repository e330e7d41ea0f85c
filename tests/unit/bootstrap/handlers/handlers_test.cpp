// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

#include <fakes/messages.hpp>
#include <fakes/secret_key.hpp>
#include <fakes/world.hpp>
#include "handlers/operator.hpp"
#include "handlers/tezos_signer.hpp"

namespace redoubt::test {
namespace {

using bootstrap::Outcome;

const SecretKey consensus_key(tezos::SignatureScheme::P256, {0x11});
const SecretKey baker(tezos::SignatureScheme::Ed25519, {0x12});

/// Services where nothing listens: whoever is asked is unreachable at once.
bootstrap::Config config() {
    const bootstrap::Environment environment(
        {{"AWS_REGION", "eu-west-1"},
         {"AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"},
         {"AWS_SECRET_ACCESS_KEY", "a-secret"},
         {"KMS_KEY_ID", "arn:aws:kms:eu-west-1:000000000000:key/1a2b"},
         {"PUBLIC_KEYS", consensus_key.named().public_key_text},
         {"AUTHORIZED_KEYS", baker.named().public_key_text},
         {"WATERMARK_TABLE", "redoubt-watermarks"},
         {"AWS_ENDPOINT_URL", "http://127.0.0.1:1"}});
    return bootstrap::read_config(environment).value();
}

class Functions : public ::testing::Test {
protected:
    [[nodiscard]] SteadyTime soon() const { return clock.steady() + std::chrono::seconds(5); }

    const SystemClock clock;
    const bootstrap::Config configured = config();
    bootstrap::Cloud cloud{configured, clock};
    bootstrap::SignerFunction signer{configured, configured.public_keys.value(), cloud, clock};
    bootstrap::OperatorFunction operators{configured, configured.public_keys.value(), cloud};
};

Json request(const std::string& method, const std::string& path, const std::string& query = "",
             const std::string& body = "") {
    return {{"version", "2.0"},
            {"rawPath", path},
            {"rawQueryString", query},
            {"requestContext", {{"http", {{"method", method}}}}},
            {"body", body}};
}

std::string code(const Outcome& outcome) {
    return outcome.error ? std::string(name(outcome.error->code)) : "ok";
}

TEST_F(Functions, TheSignerAnswersRequests) {
    const Outcome outcome = signer.answer(request("GET", "/healthz"), soon());
    EXPECT_EQ(code(outcome), "ok");
    EXPECT_EQ(outcome.answer.at("statusCode"), 200);
    EXPECT_EQ(outcome.log_fields().at("route"), "GET /healthz");
    EXPECT_EQ(outcome.log_fields().at("status"), 200);
}

TEST_F(Functions, AGetIsAnsweredEvenIfNoServiceIs) {
    const Outcome outcome = signer.answer(request("GET", "/authorized_keys"), soon());
    EXPECT_EQ(outcome.answer.at("statusCode"), 200);
    EXPECT_EQ(parse_json(outcome.answer.at("body").get<std::string>()),
              (Json{{"authorized_keys", {baker.named().address}}}));
}

TEST_F(Functions, UnreachableServicesAre502AndSafeToRepeat) {
    const auto hash = consensus_key.named().hash;
    for (const Bytes& payload : {to_bytes(Vote{}), to_bytes(Block{})}) {
        const std::string signature = authentication(baker, hash, payload);
        const Outcome outcome =
            signer.answer(request("POST", "/keys/" + consensus_key.named().address,
                                  "authentication=" + signature, "\"" + to_hex(payload) + "\""),
                          soon());
        EXPECT_EQ(outcome.answer.at("statusCode"), 502);
        const bool is_block = payload[0] == 0x11;
        EXPECT_EQ(code(outcome), is_block ? "kms_unavailable" : "table_unavailable");
        // Three tries, of which none left: there was nobody to connect to.
        EXPECT_EQ(outcome.log_fields().at("sign_attempts"), 0);
        EXPECT_EQ(outcome.log_fields().at("table_calls"), 0);
        EXPECT_EQ(outcome.log_fields().at("upstream_codes"),
                  Json(std::vector<std::string>(is_block ? 3 : 6, "connection failed")));
        EXPECT_EQ(outcome.log_fields().at("upstream_errors"), is_block ? 3 : 6);
        EXPECT_EQ(outcome.log_fields().at("block_level"), 100);
        EXPECT_EQ(outcome.log_fields().at("pkh"), consensus_key.named().address);
        const std::string logged = dump(outcome.log_fields());
        for (const std::string& secret :
             {signature, to_hex(payload).substr(20, 40), std::string("a-secret")}) {
            EXPECT_EQ(logged.find(secret), std::string::npos) << logged;
        }
    }
}

TEST_F(Functions, OfPublicKeysThatCannotBeHadAllAreNamed) {
    const std::string front = "arn:aws:kms:eu-west-1:000000000000:key/";
    const auto keys = cloud.fetch_public_keys(
        {aws::parse_key_arn(front + "1a2b").value(), aws::parse_key_arn(front + "3c4d").value()},
        soon());
    ASSERT_FALSE(keys.has_value());
    ASSERT_EQ(keys.error().size(), 2U);
    EXPECT_TRUE(keys.error()[0].starts_with(front + "1a2b: kms_unavailable: "));
    EXPECT_TRUE(keys.error()[1].starts_with(front + "3c4d: kms_unavailable: "));
}

TEST_F(Functions, WhateverIsWrongWithARequestIsAnAnswer) {
    for (const Json& event : {Json{{"requestContext", nullptr}}, Json{{"rawPath", 7}},
                              Json{{"httpMethod", "GET"}}, request("GET", "/%")}) {
        const Outcome outcome = signer.answer(event, soon());
        EXPECT_EQ(outcome.answer.at("statusCode"), 400) << event;
        EXPECT_EQ(code(outcome), "bad_request");
    }
}

TEST_F(Functions, TheSignerTakesNoCommands) {
    for (const std::string command : {"arm", "raise", "status", "import"}) {
        const Outcome outcome = signer.answer({{"redoubt", {{"command", command}}}}, soon());
        EXPECT_EQ(code(outcome), "bad_request");
        EXPECT_EQ(outcome.answer.at("redoubt").at("ok"), false);
    }
    const Outcome hidden = signer.answer(
        {{"redoubt", {{"command", "warm"}}}, {"rawPath", "/"}, {"requestContext", Json::object()}},
        soon());
    EXPECT_EQ(hidden.answer.at("statusCode"), 400) << "a request is never a command";
}

TEST_F(Functions, TheSignerWarmsItself) {
    const Outcome outcome = signer.answer({{"redoubt", {{"command", "warm"}}}}, soon());
    EXPECT_EQ(outcome.answer, (Json{{"redoubt", {{"ok", true}}}}));
}

TEST_F(Functions, NonsenseIsNoSuccess) {
    for (const Json& event : {Json(), Json("x"), Json::array(), Json::object(), Json(7)}) {
        const Outcome asked = signer.answer(event, soon());
        EXPECT_TRUE(asked.error.has_value());
        const bool ok = asked.answer.contains("redoubt")
                            ? asked.answer.at("redoubt").at("ok").get<bool>()
                            : asked.answer.at("statusCode").get<int>() < 400;
        EXPECT_FALSE(ok) << event;
        EXPECT_EQ(operators.answer(event, soon()).answer.at("redoubt").at("ok"), false) << event;
    }
}

TEST_F(Functions, TheOperatorTakesNoRequests) {
    for (const Json& event :
         {request("GET", "/healthz"), request("POST", "/keys/x"),
          Json{{"redoubt", {{"command", "arm"}}}, {"httpMethod", "POST"}, {"path", "/"}},
          Json{{"redoubt", {{"command", "status"}}}, {"requestContext", nullptr}}}) {
        const Outcome outcome = operators.answer(event, soon());
        EXPECT_EQ(outcome.answer.at("statusCode"), 404) << "an HTTP front sees no success";
        EXPECT_EQ(outcome.answer.at("redoubt").at("ok"), false);
    }
}

TEST_F(Functions, ApologiesHaveTheFormOfTheQuestionAndKeepTheDetailForTheLog) {
    const Outcome to_request = signer.internal_error(request("GET", "/"), "detail");
    EXPECT_EQ(to_request.answer.at("statusCode"), 500);
    const Outcome to_command =
        signer.internal_error({{"redoubt", {{"command", "warm"}}}}, "detail");
    EXPECT_EQ(to_command.answer.at("redoubt").at("error").at("id"), "internal");
    const Outcome of_operator = operators.internal_error(Json(), "detail");
    EXPECT_EQ(of_operator.answer.at("redoubt").at("ok"), false);
    for (const Outcome* outcome : {&to_request, &to_command, &of_operator}) {
        EXPECT_EQ(code(*outcome), "internal");
        EXPECT_EQ(outcome->error->detail, "detail");
        EXPECT_EQ(dump(outcome->answer).find("detail"), std::string::npos);
    }
}

}  // namespace
}  // namespace redoubt::test
