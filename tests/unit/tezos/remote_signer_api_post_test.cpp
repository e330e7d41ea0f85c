// SPDX-License-Identifier: Apache-2.0
#include "remote_signer_api_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(RemoteSigner, BodiesAreOneJsonStringOfHex) {
    const std::string right = post().body.value();
    struct Row {
        std::string name, body, code;
    };
    for (const Row& row : {
             Row{"empty", "", "bad_request"},
             Row{"no JSON", right.substr(1), "bad_request"},
             Row{"bare hex", "13ab", "bad_request"},
             Row{"number", "13", "bad_request"},
             Row{"object", "{}", "bad_request"},
             Row{"list", "[" + right + "]", "bad_request"},
             Row{"null", "null", "bad_request"},
             Row{"two strings", right + right, "bad_request"},
             Row{"odd hex", "\"13a\"", "bad_request"},
             Row{"no hex", "\"13zz\"", "bad_request"},
             Row{"0x", "\"0x13\"", "bad_request"},
             Row{"hex with a space", "\" 13\"", "bad_request"},
             Row{"no UTF-8", "\"\xff\"", "bad_request"},
             Row{"base64", "\"E6s=\"", "bad_request"},
         }) {
        SCOPED_TRACE(row.name);
        http::Request request = post();
        request.body = row.body;
        expect_refusal(world.ask(request), 400, row.code);
    }
    EXPECT_EQ(world.calls(), 0);
}

TEST_F(RemoteSigner, BodiesMayBeSpeltOtherwiseAsLongAsTheyAreTheSameBytes) {
    http::Request upper = post();
    for (char& c : *upper.body) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_TRUE(is_signature(key, payload, signature_in(world.ask(upper))));
    http::Request spaced = post();
    spaced.body = " \n" + *spaced.body + " \t";
    EXPECT_TRUE(is_signature(key, payload, signature_in(world.ask(spaced))));
}

TEST_F(RemoteSigner, ABodyOfMoreThanTwoKilobytesIsTooLarge) {
    http::Request request = post();
    request.body = "\"" + std::string(2046, '1') + "\"";
    ASSERT_EQ(request.body->size(), 2048U);
    expect_refusal(world.ask(request), 401, "authentication_invalid");
    *request.body += "\n";
    expect_refusal(world.ask(request), 413, "too_large");
    request.body = std::string(3'000'000, '[');
    expect_refusal(world.ask(request), 413, "too_large");
}

TEST_F(RemoteSigner, TheQueryIsReadStrictly) {
    struct Row {
        std::string name;
        http::Pairs more;
        int status;
    };
    for (const Row& row : {
             Row{"version 0", {{"version", "0"}}, 200},
             Row{"version 3", {{"version", "3"}}, 200},
             Row{"version 4", {{"version", "4"}}, 200},
             Row{"version of three digits", {{"version", "999"}}, 200},
             Row{"version of two digits", {{"version", "03"}}, 200},
             Row{"version of four digits", {{"version", "1000"}}, 400},
             Row{"version and more", {{"version", "3x"}}, 400},
             Row{"empty version", {{"version", ""}}, 400},
             Row{"negative version", {{"version", "-1"}}, 400},
             Row{"worded version", {{"version", "three"}}, 400},
             Row{"unknown name", {{"colour", "blue"}}, 200},
             Row{"version twice", {{"version", "3"}, {"version", "3"}}, 400},
             Row{"unknown name twice", {{"x", "1"}, {"x", "2"}}, 400},
             Row{"empty authentication as well", {{"authentication", ""}}, 400},
         }) {
        SCOPED_TRACE(row.name);
        http::Request request = post();
        request.query->insert(request.query->end(), row.more.begin(), row.more.end());
        const auto answered = world.ask(request);
        EXPECT_EQ(answered.response.status, row.status);
        if (row.status == 400) expect_refusal(answered, 400, "bad_request");
    }
    http::Request twice = post();
    twice.query->push_back(twice.query->front());
    expect_refusal(world.ask(twice), 400, "bad_request");
}

TEST_F(RemoteSigner, WhatTheFrontCouldNotReadIsJudgedInItsTurn) {
    http::Request request = post();
    request.query = fail(Code::BadRequest, "a broken escape in the query");
    expect_refusal(world.ask(request), 400, "bad_request");
    request.body = fail(Code::TooLarge, "the body is too long");
    expect_refusal(world.ask(request), 413, "too_large");
    request.path = "/keys/tz1nobody";
    expect_refusal(world.ask(request), 404, "unknown_key");
    request.method = "PUT";
    expect_refusal(world.ask(request), 405, "method_not_allowed");
    request.path = "/nowhere";
    expect_refusal(world.ask(request), 404, "unknown_route");
    EXPECT_EQ(world.calls(), 0);
}

TEST_F(RemoteSigner, AuthenticationIsMissingOrInvalid) {
    http::Request request = post();
    request.query->clear();
    expect_refusal(world.ask(request), 401, "authentication_missing");
    request.query = http::Pairs{{"Authentication", post().query->front().second}};
    expect_refusal(world.ask(request), 401, "authentication_missing");
    for (const std::string& text : {std::string(), std::string("xyz"), std::string(100'000, 'z')}) {
        request.query = http::Pairs{{"authentication", text}};
        expect_refusal(world.ask(request), 401, "authentication_invalid");
    }
    EXPECT_EQ(world.calls(), 0);
}

/// One thing that is wrong with a request, and what it is refused with if nothing else is.
struct Fault {
    std::string name;
    std::function<void(http::Request&)> spoil;
    int status;
    std::string code;
};

TEST_F(RemoteSigner, ChecksAreMadeInTheOrderOfTheDesign) {
    // Each fault hides all that come after it in this list.
    const Bytes wrong_kind = {0x03, 0x01};
    const Bytes wrong_layout = {0x13, 0x01};
    const std::vector<Fault> faults = {
        {"route", [](auto& r) { r.path = "/nowhere/" + r.path; }, 404, "unknown_route"},
        {"method", [](auto& r) { r.method = "PUT"; }, 405, "method_not_allowed"},
        {"key", [](auto& r) { r.path.replace(r.path.find("tz3"), 12, "tz3xxxxxxxxx"); }, 404,
         "unknown_key"},
        {"body", [](auto& r) { r.body = "{}"; }, 400, "bad_request"},
        {"query", [](auto& r) { r.query->emplace_back("version", "x"); }, 400, "bad_request"},
        {"authentication", [](auto& r) { r.query->front().second = "xyz"; }, 401,
         "authentication_invalid"},
    };
    for (std::size_t first = 0; first < faults.size(); ++first) {
        SCOPED_TRACE(faults[first].name + " first");
        for (const Bytes& bytes : {wrong_kind, wrong_layout, payload}) {
            http::Request request = world.to_sign(key, bytes);
            for (std::size_t i = faults.size(); i-- > first;) faults[i].spoil(request);
            expect_refusal(world.ask(request), faults[first].status, faults[first].code);
        }
    }
    expect_refusal(world.ask_to_sign(key, wrong_kind), 403, "kind_not_allowed");
    expect_refusal(world.ask_to_sign(key, wrong_layout), 400, "bad_payload");
    const Bytes not_armed = to_bytes(Vote{.chain = {9, 9, 9, 9}});
    EXPECT_EQ(world.calls(), 0);
    expect_refusal(world.ask_to_sign(key, not_armed), 409, "not_armed");
}

TEST_F(RemoteSigner, AnEmptyPayloadIsNoConsensusMessage) {
    expect_refusal(world.ask_to_sign(key, {}), 400, "bad_payload");
}

TEST_F(RemoteSigner, RefusalsTellNoSecrets) {
    http::Request request = post();
    const std::string authentication = request.query->front().second;
    request.query->front().second[20] ^= 0x01;
    const auto answered = world.ask(request);
    EXPECT_EQ(answered.response.body.find(authentication.substr(21)), std::string::npos);
    EXPECT_EQ(answered.response.body.find(request.body->substr(1, 20)), std::string::npos);
}

TEST_F(RemoteSigner, TheTraceKnowsTheRouteAndTheKey) {
    EXPECT_EQ(world.ask(post()).response.status, 200);
    EXPECT_EQ(world.trace.route, "POST /keys");
    EXPECT_EQ(world.trace.address, key.named().address);
    EXPECT_EQ(world.ask(get("/healthz")).response.status, 200);
    EXPECT_EQ(world.trace.route, "GET /healthz");
    EXPECT_EQ(world.trace.address, "");
}

}  // namespace
}  // namespace redoubt::test
