// SPDX-License-Identifier: Apache-2.0
#include "remote_signer_api_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(RemoteSigner, ShowsWhoMayAsk) {
    Json addresses = Json::array();
    for (const SecretKey& baker : world.bakers) addresses.push_back(baker.named().address);
    EXPECT_EQ(body_of(get("/authorized_keys")), (Json{{"authorized_keys", addresses}}));
}

TEST_F(RemoteSigner, ShowsPublicKeys) {
    for (const SecretKey& each : world.signer.keys) {
        EXPECT_EQ(body_of(get("/keys/" + each.named().address)),
                  (Json{{"public_key", each.named().public_key_text}}));
    }
}

TEST_F(RemoteSigner, ListsKnownKeysOnlyIfEnabled) {
    expect_refusal(world.ask(get("/known_keys")), 404, "unknown_route");
    expect_refusal(world.ask({"POST", "/known_keys", {}, {}}), 404, "unknown_route");
    world.settings.known_keys = true;
    Json addresses = Json::array();
    for (const SecretKey& each : world.signer.keys) addresses.push_back(each.named().address);
    EXPECT_EQ(body_of(get("/known_keys")), (Json{{"known_keys", addresses}}));
}

TEST_F(RemoteSigner, SaysThatItIsWellWithoutACall) {
    EXPECT_EQ(body_of(get("/healthz")), (Json{{"ok", true}}));
    EXPECT_EQ(world.calls(), 0);
    EXPECT_EQ(world.connections_ensured, 0);
}

TEST_F(RemoteSigner, ReplacesDeadConnectionsWhenASignatureIsAboutToBeAskedFor) {
    EXPECT_EQ(world.ask(get("/authorized_keys")).response.status, 200);
    EXPECT_EQ(world.connections_ensured, 1);
    EXPECT_EQ(world.ask(get(path_of_key())).response.status, 200);
    EXPECT_EQ(world.connections_ensured, 2);
    EXPECT_EQ(world.ask(post()).response.status, 200);
    EXPECT_EQ(world.ask(get("/keys/tz1nobody")).response.status, 404);
    EXPECT_EQ(world.connections_ensured, 2);
}

TEST_F(RemoteSigner, AnswersAreJsonThatNobodyKeeps) {
    for (const auto& request : {get("/authorized_keys"), get("/nowhere"), post()}) {
        const auto answered = world.ask(request);
        EXPECT_EQ(http::header(answered.response, "Content-Type"), "application/json");
        EXPECT_EQ(http::header(answered.response, "Cache-Control"), "no-store");
        EXPECT_TRUE(parse_json(answered.response.body).has_value());
    }
}

TEST_F(RemoteSigner, AQueryIsInOrderWhateverTheMethod) {
    for (const std::string& path : {std::string("/authorized_keys"), path_of_key()}) {
        http::Request request = get(path);
        request.query = http::Pairs{{"a", "1"}, {"a", "1"}};
        expect_refusal(world.ask(request), 400, "bad_request");
        request.query = http::Pairs{{"version", "4x"}};
        expect_refusal(world.ask(request), 400, "bad_request");
        request.query = fail(Code::BadRequest, "unreadable");
        expect_refusal(world.ask(request), 400, "bad_request");
        request.query = http::Pairs{{"version", "2"}, {"whatever", "1"}};
        EXPECT_EQ(world.ask(request).response.status, 200);
    }
    EXPECT_EQ(world.connections_ensured, 2);
}

TEST_F(RemoteSigner, UnknownPathsAre404) {
    for (const std::string path :
         {"", "/", "//", "/nowhere", "/keys", "/keys/", "/keys/a/b", "/authorized_keys/x",
          "/healthz/x", "/KEYS/x", "/Authorized_keys", "authorized_keysx",
          "/bls_prove_possession/x", "/keys/..", "/../keys"}) {
        const auto answered = world.ask(get(path));
        EXPECT_EQ(answered.response.status, 404) << path;
        EXPECT_EQ(world.ask({"POST", path, {}, {}}).response.status, 404) << path;
    }
    EXPECT_EQ(world.calls(), 0);
}

TEST_F(RemoteSigner, EmptyPathPartsAreIgnoredAsOctezDoes) {
    for (const std::string path :
         {"//authorized_keys", "/authorized_keys/", "///authorized_keys//", "authorized_keys"}) {
        EXPECT_EQ(world.ask(get(path)).response.status, 200) << path;
    }
    http::Request request = post();
    request.path = "//keys///" + key.named().address + "/";
    EXPECT_TRUE(is_signature(key, payload, signature_in(world.ask(request))));
}

TEST_F(RemoteSigner, BasePathCoversEveryRoute) {
    world.settings.base_path = {"secret", "stage"};
    world.settings.known_keys = true;
    for (const std::string path :
         {"/authorized_keys", "/healthz", "/known_keys", "/secret/authorized_keys", "/secret/stage",
          "/stage/secret/authorized_keys", "/secret/stagE/authorized_keys",
          "/secret/stage2/authorized_keys", "/secret/stag/authorized_keys",
          "/authorized_keys/secret/stage"}) {
        expect_refusal(world.ask(get(path)), 404, "unknown_route");
    }
    expect_refusal(world.ask(post()), 404, "unknown_route");
    for (const std::string path : {"/secret/stage/authorized_keys", "/secret/stage/healthz",
                                   "//secret//stage//known_keys"}) {
        EXPECT_EQ(world.ask(get(path)).response.status, 200) << path;
    }
    http::Request request = post();
    request.path = "/secret/stage" + request.path;
    EXPECT_TRUE(is_signature(key, payload, signature_in(world.ask(request))));
}

TEST_F(RemoteSigner, HealthMayBeAskedForWithoutABody) {
    const auto answered = world.ask({"HEAD", "/healthz", {}, {}});
    EXPECT_EQ(answered.response.status, 200);
    EXPECT_EQ(answered.response.body, "");
    EXPECT_FALSE(answered.error.has_value());
    EXPECT_EQ(answered.trace.route, "HEAD /healthz");
    EXPECT_EQ(world.connections_ensured, 0);
}

TEST_F(RemoteSigner, WhatAFrontPutFirstMayBeInTheBasePathOrNot) {
    struct Row {
        std::vector<std::string> base;
        std::string path, prefix;
        int status;
    };
    for (const Row& row : {
             Row{{}, "/prod/healthz", "/prod", 200},
             Row{{}, "/prod/healthz", "", 404},
             Row{{"prod"}, "/prod/healthz", "/prod", 200},
             Row{{"prod"}, "/prod/healthz", "", 200},
             Row{{"secret"}, "/prod/secret/healthz", "/prod", 200},
             Row{{"prod", "secret"}, "/prod/secret/healthz", "/prod", 200},
             Row{{"secret"}, "/prod/healthz", "/prod", 404},
             Row{{"secret"}, "/secret/prod/healthz", "", 404},
             Row{{}, "/prod", "/prod", 404},
             Row{{}, "/prod/prod/healthz", "/prod", 404},
             Row{{}, "/healthz/healthz", "/healthz", 200},
             Row{{}, "/keys/healthz", "/keys", 200},
             Row{{}, "/a/b/healthz", "/a/b", 200},
         }) {
        world.settings.base_path = row.base;
        http::Request request = get(row.path);
        request.prefix = row.prefix;
        EXPECT_EQ(world.ask(request).response.status, row.status) << row.path << row.prefix;
    }
    world.settings.base_path = {};
    http::Request request = post();
    request.prefix = "/keys";  // a domain's base path, by chance
    EXPECT_TRUE(is_signature(key, payload, signature_in(world.ask(request))));
}

TEST_F(RemoteSigner, OtherMethodsAre405) {
    for (const std::string method :
         {"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get", "head", ""}) {
        for (const std::string path : {"/authorized_keys", "/healthz"}) {
            if (method == "HEAD" && path == "/healthz") continue;
            expect_refusal(world.ask({method, path, {}, {}}), 405, "method_not_allowed");
        }
    }
    for (const std::string method : {"PUT", "DELETE", "HEAD", "PATCH", "post", ""}) {
        expect_refusal(world.ask({method, path_of_key(), {}, {}}), 405, "method_not_allowed");
    }
}

TEST_F(RemoteSigner, UnknownAndMalformedAddressesAre404) {
    const std::string stranger = SecretKey(SignatureScheme::P256, {0x55}).named().address;
    std::string other_case = key.named().address;
    other_case[10] = other_case[10] == 'a' ? 'A' : 'a';
    for (const std::string& address :
         {stranger, other_case, std::string("x"), std::string(50'000, 'z'),
          key.named().public_key_text, key.named().address + "1",
          world.bakers.front().named().address}) {
        expect_refusal(world.ask(get("/keys/" + address)), 404, "unknown_key");
        http::Request request = post();
        request.path = "/keys/" + address;
        expect_refusal(world.ask(request), 404, "unknown_key");
    }
    EXPECT_EQ(world.calls(), 0);
}

TEST(StatusOf, IsTheDesigns) {
    struct Row {
        Code code;
        int status;
    };
    for (const Row& row : {Row{Code::BadRequest, 400},
                           Row{Code::BadPayload, 400},
                           Row{Code::AuthenticationMissing, 401},
                           Row{Code::AuthenticationInvalid, 401},
                           Row{Code::KindNotAllowed, 403},
                           Row{Code::UnknownRoute, 404},
                           Row{Code::UnknownKey, 404},
                           Row{Code::MethodNotAllowed, 405},
                           Row{Code::TooLarge, 413},
                           Row{Code::NotArmed, 409},
                           Row{Code::BelowWatermark, 409},
                           Row{Code::AlreadySigned, 409},
                           Row{Code::HandedOver, 409},
                           Row{Code::TooFarAhead, 409},
                           Row{Code::KmsUnavailable, 502},
                           Row{Code::TableUnavailable, 502},
                           Row{Code::CredentialsExpired, 502},
                           Row{Code::Deadline, 502},
                           Row{Code::WrapUnavailable, 502},
                           Row{Code::KmsRefused, 500},
                           Row{Code::TableRefused, 500},
                           Row{Code::DamagedRow, 500},
                           Row{Code::BadSignature, 500},
                           Row{Code::WrapRefused, 500},
                           Row{Code::DamagedKey, 500},
                           Row{Code::Internal, 500}}) {
        EXPECT_EQ(tezos::status_of(row.code), row.status) << name(row.code);
        expect_refusal(
            {tezos::error_response({row.code, "why", "detail"}), Error{row.code, "why", {}}, {}},
            row.status, name(row.code));
    }
}

TEST(ErrorResponse, LeavesTheDetailToTheLog) {
    const auto response = tezos::error_response({Code::KmsRefused, "message", "what KMS said"});
    EXPECT_EQ(response.body.find("what KMS said"), std::string::npos);
    EXPECT_EQ(parse_json(response.body).value()[0]["msg"], "kms_refused: message");
}

}  // namespace
}  // namespace redoubt::test
