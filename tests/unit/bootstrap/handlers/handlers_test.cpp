// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include <redoubt/base/encoding.hpp>

#include <fakes/messages.hpp>
#include <fakes/secret_key.hpp>
#include <fakes/world.hpp>
#include "cloud.hpp"
#include "handlers.hpp"
#include "log/request_line.hpp"

namespace redoubt::test {
namespace {

using bootstrap::Outcome;

const SecretKey consensus_key(tezos::SignatureScheme::P256, {0x11});
const SecretKey baker(tezos::SignatureScheme::Ed25519, {0x12});

using Variables = std::map<std::string, std::string, std::less<>>;

/// Services where nothing listens: whoever is asked is unreachable at once.
Variables variables(const std::string& handler) {
    return {{"_HANDLER", handler},
            {"AWS_REGION", "eu-west-1"},
            {"AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"},
            {"AWS_SECRET_ACCESS_KEY", "a-secret"},
            {"KMS_KEY_ID", "arn:aws:kms:eu-west-1:000000000000:key/1a2b"},
            {"PUBLIC_KEYS", consensus_key.named().public_key_text},
            {"AUTHORIZED_KEYS", baker.named().public_key_text},
            {"WATERMARK_TABLE", "redoubt-watermarks"},
            {"AWS_ENDPOINT_URL", "http://127.0.0.1:1"}};
}

/// A handler that answers events as their text comes.
class Running {
public:
    explicit Running(const std::string& name) {
        ::testing::internal::CaptureStdout();
        handler_ = bootstrap::make_handler(bootstrap::Environment(variables(name)), clock_).value();
        const auto line = parse_json(::testing::internal::GetCapturedStdout());
        EXPECT_EQ(line.value().at("message"), "configured");
        EXPECT_EQ(line.value().at("handler"), name);
    }

    [[nodiscard]] Outcome answer(const Json& event) const {
        return handler_->handle(lambda::parse_event(dump(event)),
                                clock_.steady() + std::chrono::seconds(5));
    }
    [[nodiscard]] Outcome internal_error(const Json& event, const std::string& detail) const {
        return handler_->internal_error(lambda::parse_event(dump(event)), detail);
    }

private:
    const SystemClock clock_;
    std::unique_ptr<bootstrap::Handler> handler_;
};

class Handlers : public ::testing::Test {
protected:
    const Running signer{"signer"};
    const Running operators{"operator"};
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

Json logged(const Outcome& outcome) { return parse_json(outcome.log_fields().text()).value(); }

TEST_F(Handlers, RecoveryHasCommandsOfItsOwnAndAnswersNoRequest) {
    const Running recovery("recovery");
    const auto message = [](const Outcome& outcome) {
        return outcome.answer.at("redoubt").at("error").at("msg").get<std::string>();
    };
    const Json create = {{"redoubt", {{"command", "create_key"}}}};
    EXPECT_EQ(message(recovery.answer(create)),
              "the commands are `import_key`, `test_backup`, `rewrap` and `reseal`");
    const Json rewrap = {{"redoubt", {{"command", "rewrap"}}}};
    EXPECT_TRUE(message(recovery.answer(rewrap)).contains("`wrap`"));
    EXPECT_TRUE(message(operators.answer(rewrap)).contains("`create_key`"))
        << "the operator function opens nothing";
    EXPECT_EQ(code(recovery.answer(request("GET", "/healthz"))), "unknown_route");
}

TEST_F(Handlers, TheSignerAnswersRequests) {
    const Outcome outcome = signer.answer(request("GET", "/healthz"));
    EXPECT_EQ(code(outcome), "ok");
    EXPECT_EQ(outcome.answer.at("statusCode"), 200);
    EXPECT_EQ(logged(outcome).at("route"), "GET /healthz");
    EXPECT_EQ(logged(outcome).at("status"), 200);
}

TEST_F(Handlers, AGetIsAnsweredEvenIfNoServiceIs) {
    const Outcome outcome = signer.answer(request("GET", "/authorized_keys"));
    EXPECT_EQ(outcome.answer.at("statusCode"), 200);
    EXPECT_EQ(parse_json(outcome.answer.at("body").get<std::string>()),
              (Json{{"authorized_keys", {baker.named().address}}}));
}

TEST_F(Handlers, UnreachableServicesAre502AndSafeToRepeat) {
    const auto hash = consensus_key.named().hash;
    for (const Bytes& payload : {to_bytes(Vote{}), to_bytes(Block{})}) {
        const std::string signature = authentication(baker, hash, payload);
        const Outcome outcome =
            signer.answer(request("POST", "/keys/" + consensus_key.named().address,
                                  "authentication=" + signature, "\"" + to_hex(payload) + "\""));
        EXPECT_EQ(outcome.answer.at("statusCode"), 502);
        const bool is_block = payload[0] == 0x11;
        EXPECT_EQ(code(outcome), is_block ? "kms_unavailable" : "table_unavailable");
        // Three tries, of which none left: there was nobody to connect to.
        EXPECT_EQ(logged(outcome).at("sign_attempts"), 0);
        EXPECT_EQ(logged(outcome).at("table_calls"), 0);
        EXPECT_EQ(logged(outcome).at("upstream_codes"),
                  Json(std::vector<std::string>(is_block ? 3 : 6, "connection failed")));
        EXPECT_EQ(logged(outcome).at("upstream_errors"), is_block ? 3 : 6);
        EXPECT_EQ(logged(outcome).at("block_level"), 100);
        EXPECT_EQ(logged(outcome).at("pkh"), consensus_key.named().address);
        const std::string text = outcome.log_fields().text();
        for (const std::string& secret :
             {signature, to_hex(payload).substr(20, 40), std::string("a-secret")}) {
            EXPECT_EQ(text.find(secret), std::string::npos) << text;
        }
    }
}

/// One request as each front hands it over, with everything that they add.
std::vector<Json> as_events(const std::string& path, const std::string& signature,
                            const std::string& body) {
    const Json headers = {{"host", "signer.example"}, {"user-agent", "octez"}, {"cookie", "a=b"}};
    const Json lists = {{"host", {"signer.example"}}, {"user-agent", {"octez"}}};
    const Json identity = {{"sourceIp", "192.0.2.1"}, {"userAgent", "octez"}};
    Json url = request("POST", path, "authentication=" + signature + "&version=3", body);
    url.update({{"headers", headers},
                {"cookies", {"a=b"}},
                {"queryStringParameters", {{"authentication", signature}, {"version", "3"}}}});
    url["requestContext"].update({{"stage", "$default"},
                                  {"apiId", "id"},
                                  {"domainName", "id.lambda-url.us-east-1.on.aws"},
                                  {"authorizer", {{"iam", {{"userArn", "arn"}}}}}});
    Json api = url;
    api["requestContext"]["stage"] = "prod";
    api["rawPath"] = "/prod" + path;
    const Json rest = {
        {"resource", "/{proxy+}"},
        {"path", path},
        {"httpMethod", "POST"},
        {"headers", headers},
        {"multiValueHeaders", lists},
        {"queryStringParameters", {{"authentication", signature}, {"version", "3"}}},
        {"multiValueQueryStringParameters", {{"authentication", {signature}}, {"version", {"3"}}}},
        {"pathParameters", {{"proxy", path.substr(1)}}},
        {"stageVariables", {{"name", "value"}}},
        {"requestContext", {{"stage", "prod"}, {"identity", identity}, {"path", "/prod" + path}}},
        {"body", body},
        {"isBase64Encoded", false}};
    const Json balancer = {
        {"requestContext", {{"elb", {{"targetGroupArn", "arn"}}}}},
        {"httpMethod", "POST"},
        {"path", path},
        {"headers", headers},
        {"queryStringParameters", {{"authentication", signature}, {"version", "3"}}},
        {"body", body},
        {"isBase64Encoded", false}};
    return {url, api, rest, balancer};
}

/// `event` with a mark in each text, in front of it, behind it and instead, and as the name of a
/// member of each object.
std::vector<Json> marked(const Json& event, const std::string& mark) {
    std::vector<Json> all;
    const Json flat = event.flatten();
    for (const auto& [place, value] : flat.items()) {
        const Json::json_pointer pointer(place);
        const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        for (const std::string& instead : {mark, mark + text, text + mark, "\"" + mark + "\""}) {
            Json changed = event;
            changed[pointer] = instead;
            all.push_back(changed);
        }
        Json changed = event;
        for (Json::json_pointer at = pointer.parent_pointer();; at = at.parent_pointer()) {
            if (changed[at].is_object()) changed[at][mark] = mark;
            if (at.empty()) break;
        }
        all.push_back(changed);
    }
    return all;
}

TEST_F(Handlers, NothingThatARequestHoldsIsInTheLog) {
    const std::string mark = "aMarkThatNobodyHas";
    const SystemClock clock;
    const bootstrap::RequestLog log(clock, "redoubt-signer", {});
    const lambda::Invocation invocation{};
    const auto hash = consensus_key.named().hash;
    const Bytes payload = to_bytes(Vote{});
    std::set<std::string> codes;
    for (const Json& event :
         as_events("/keys/" + consensus_key.named().address,
                   authentication(consensus_key, hash, payload),  // nobody's: no service is asked
                   "\"" + to_hex(payload) + "\"")) {
        for (const Json& changed : marked(event, mark)) {
            for (const Running* handler : {&signer, &operators}) {
                const Outcome outcome = handler->answer(changed);
                const std::string line = log.line(
                    invocation, outcome.log_fields ? outcome.log_fields() : bootstrap::LogFields(),
                    outcome.error, {}, false);
                ASSERT_FALSE(line.contains(mark)) << changed << line;
                codes.insert(code(outcome));
            }
        }
    }
    // All that can be wrong with a request before its payload is looked at was among these.
    for (const std::string expected :
         {"bad_request", "authentication_invalid", "authentication_missing", "unknown_key",
          "unknown_route", "method_not_allowed"}) {
        EXPECT_TRUE(codes.contains(expected)) << expected;
    }
}

TEST(HandlerTable, AnUnknownNameIsAnErrorThatNamesThoseThereAre) {
    const SystemClock clock;
    for (const std::string name : {"bootstrap", "Operator", "operator.handler", "signer ", ""}) {
        const auto made = bootstrap::make_handler(bootstrap::Environment(variables(name)), clock);
        ASSERT_FALSE(made.has_value()) << name;
        EXPECT_EQ(made.error().type, "Runtime.InvalidConfiguration");
        EXPECT_NE(made.error().reason.find(
                      "`signer`, `operator`, `ethereum-signer`, `ethereum-operator` or `recovery`"),
                  std::string::npos)
            << made.error().reason;
    }
}

TEST(HandlerTable, WhatIsOddAboutANameIsSaid) {
    const SystemClock clock;
    struct Row {
        std::string name, said;
    };
    for (const Row& row : {Row{"Operator",
                               "is `Operator`, with capital letters: set it to `signer`, "
                               "`operator`, `ethereum-signer`, `ethereum-operator` or `recovery`"},
                           Row{"SIGNER", "is `SIGNER`, with capital letters: set it to"},
                           Row{"operator ", "is `operator `, which ends with a space: set it to"},
                           Row{"\u00a0signer", ", which begins with a no-break space: set it to"},
                           Row{"sig\nner", ", which has a line break as character 4: set it to"},
                           Row{"bootstrap", "The function's handler is `bootstrap`: set it to"},
                           Row{"",
                               "The function's handler is missing: set it to `signer`, `operator`, "
                               "`ethereum-signer`, `ethereum-operator` or `recovery`"}}) {
        const auto made =
            bootstrap::make_handler(bootstrap::Environment(variables(row.name)), clock);
        ASSERT_FALSE(made.has_value()) << row.name;
        EXPECT_NE(made.error().reason.find(row.said), std::string::npos) << made.error().reason;
    }
}

TEST(HandlerTable, OfAConfigurationAllMistakesAreNamed) {
    const SystemClock clock;
    for (const std::string name : {"signer", "operator"}) {
        const auto made =
            bootstrap::make_handler(bootstrap::Environment({{"_HANDLER", name}}), clock);
        ASSERT_FALSE(made.has_value()) << name;
        EXPECT_TRUE(made.error().reason.starts_with("The configuration has 6 mistake(s):\n- "))
            << made.error().reason;
    }
}

TEST(HandlerTable, OfPublicKeysThatCannotBeHadAllAreNamed) {
    const SystemClock clock;
    const std::string front = "arn:aws:kms:eu-west-1:000000000000:key/";
    auto without = variables("operator");
    without["PUBLIC_KEYS"] = "";
    without["KMS_KEY_ID"] = front + "1a2b," + front + "3c4d";
    const auto made = bootstrap::make_handler(bootstrap::Environment(without), clock);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().type, "Runtime.NoPublicKeys");
    for (const std::string id : {"1a2b", "3c4d"}) {
        EXPECT_NE(made.error().reason.find("\n- " + front + id + ": kms_unavailable: "),
                  std::string::npos)
            << made.error().reason;
    }
}

TEST_F(Handlers, WhateverIsWrongWithARequestIsAnAnswer) {
    for (const Json& event : {Json{{"requestContext", nullptr}}, Json{{"rawPath", 7}},
                              Json{{"httpMethod", "GET"}}, request("GET", "/%")}) {
        const Outcome outcome = signer.answer(event);
        EXPECT_EQ(outcome.answer.at("statusCode"), 400) << event;
        EXPECT_EQ(code(outcome), "bad_request");
    }
}

TEST_F(Handlers, TheSignerTakesNoCommands) {
    for (const std::string command : {"arm", "raise", "status", "import"}) {
        const Outcome outcome = signer.answer({{"redoubt", {{"command", command}}}});
        EXPECT_EQ(code(outcome), "bad_request");
        EXPECT_EQ(outcome.answer.at("redoubt").at("ok"), false);
    }
    const Outcome hidden = signer.answer(
        {{"redoubt", {{"command", "warm"}}}, {"rawPath", "/"}, {"requestContext", Json::object()}});
    EXPECT_EQ(hidden.answer.at("statusCode"), 400) << "a request is never a command";
}

TEST_F(Handlers, TheSignerWarmsItself) {
    const Outcome outcome = signer.answer({{"redoubt", {{"command", "warm"}}}});
    EXPECT_EQ(outcome.answer, (Json{{"redoubt", {{"ok", true}}}}));
}

TEST_F(Handlers, NonsenseIsNoSuccess) {
    for (const Json& event : {Json(), Json("x"), Json::array(), Json::object(), Json(7)}) {
        const Outcome asked = signer.answer(event);
        EXPECT_TRUE(asked.error.has_value());
        const bool ok = asked.answer.contains("redoubt")
                            ? asked.answer.at("redoubt").at("ok").get<bool>()
                            : asked.answer.at("statusCode").get<int>() < 400;
        EXPECT_FALSE(ok) << event;
        EXPECT_EQ(operators.answer(event).answer.at("redoubt").at("ok"), false) << event;
    }
}

TEST_F(Handlers, TheOperatorTakesNoRequests) {
    for (const Json& event :
         {request("GET", "/healthz"), request("POST", "/keys/x"),
          Json{{"redoubt", {{"command", "arm"}}}, {"httpMethod", "POST"}, {"path", "/"}},
          Json{{"redoubt", {{"command", "status"}}}, {"requestContext", nullptr}}}) {
        const Outcome outcome = operators.answer(event);
        EXPECT_EQ(outcome.answer.at("statusCode"), 404) << "an HTTP front sees no success";
        EXPECT_EQ(outcome.answer.at("redoubt").at("ok"), false);
    }
}

TEST_F(Handlers, InternalErrorsHaveTheFormOfTheQuestionAndKeepTheDetailForTheLog) {
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
