// SPDX-License-Identifier: Apache-2.0
// Requests that no honest client sends: each has its code, changes no row, and asks nobody that it
// should not.
#include <map>

#include <redoubt/base/encoding.hpp>

#include "signer_fixture.hpp"

namespace redoubt::test {
namespace {

using Pointer = Json::json_pointer;

class Hostile : public ValidatorSigner {
protected:
    Hostile() { EXPECT_EQ(outcome(key, valid), "signed"); }

    /// A body's code; the row is as it was.
    std::string code_of_body(const std::string& body) {
        const Json before = item(key);
        const std::string code = outcome_of(call("POST", "/api/v1/eth2/sign/" + key, body));
        EXPECT_EQ(item(key), before) << body;
        return code;
    }
    /// Of the valid request with one member exchanged, or taken away by null.
    std::string code_with(Json request, const std::string& path, const Json& value) {
        if (value.is_null()) {
            request.at(Pointer(path).parent_pointer()).erase(Pointer(path).back());
        } else {
            request[Pointer(path)] = value;
        }
        return code_of_body(request.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    /// A token in the header, as it is.
    ethereum::ApiResponse with_authorization(const std::string& authorization,
                                             const std::string& path) {
        return call({.method = "POST",
                     .path = path,
                     .query = http::Pairs(),
                     .body = valid.dump(),
                     .authorization = authorization});
    }

    const std::string key = make_key("first");
    const std::string all_keys = token;
    const std::string this_key = make_token({"validator"}, access::TheseKeys{{key}});
    const std::string tagged = make_token({"validator"}, access::TaggedKeys{{"a"}});
    const Json valid = requests.attestation(epoch_now() - 1, epoch_now());
    int tried = 0;
};

TEST_F(Hostile, NumbersAreWholeAndFit) {
    const std::vector<Json> numbers = {Json("-1"),
                                       Json("+1"),
                                       Json(" 1"),
                                       Json("1 "),
                                       Json("01"),
                                       Json("0x10"),
                                       Json("1e3"),
                                       Json("1.0"),
                                       Json(""),
                                       Json("18446744073709551616"),
                                       Json(1.5),
                                       Json(1e3),
                                       Json(-1),
                                       Json(true),
                                       Json::array({1}),
                                       Json::object(),
                                       Json("１"),
                                       Json("1_000"),
                                       Json("99999999999999999999999"),
                                       Json(std::string("1\0", 2))};
    for (const char* path : {"/attestation/slot", "/attestation/index", "/attestation/source/epoch",
                             "/attestation/target/epoch", "/fork_info/fork/epoch"}) {
        for (const Json& number : numbers) {
            EXPECT_EQ(code_with(valid, path, number), "bad_request") << path << " " << number;
            ++tried;
        }
        EXPECT_EQ(code_with(valid, path, nullptr), "bad_request") << path;
    }
    EXPECT_GE(tried, 100);
}

TEST_F(Hostile, HexHasItsLength) {
    const std::string root = root_text(1);
    for (const Json& hex :
         {Json(root.substr(2)), Json("0X" + root.substr(2)), Json(root + "0"), Json(root + "00"),
          Json(root.substr(0, 65)), Json("0x"), Json(""), Json("0x" + std::string(64, 'g')),
          Json(1), Json(Json::array({root})), Json(" " + root), Json(root + "\n")}) {
        for (const char* path :
             {"/attestation/beacon_block_root", "/attestation/target/root",
              "/fork_info/genesis_validators_root", "/signingRoot", "/signing_root"}) {
            EXPECT_EQ(code_with(valid, path, hex), "bad_request") << path << " " << hex;
        }
    }
}

TEST_F(Hostile, BitListsHaveAnEndAndTheLayoutOfTheirFork) {
    token = make_token({"validator"}, access::AllKeys{});
    const Json aggregate = requests.aggregate(slot_now());
    EXPECT_EQ(outcome(key, aggregate), "signed");
    const std::string at = "/aggregate_and_proof/data/aggregate";
    for (const char* bits : {"0x", "0x00", "0x0f00", "0x0", "0f", "0xzz"}) {
        EXPECT_EQ(code_with(aggregate, at + "/aggregation_bits", bits), "bad_request") << bits;
    }
    EXPECT_EQ(code_with(aggregate, at + "/aggregation_bits", "0x" + std::string(32770, 'f')),
              "bad_request");
    EXPECT_EQ(code_with(aggregate, at + "/committee_bits", nullptr), "bad_request");
    EXPECT_EQ(code_with(aggregate, at + "/committee_bits", "0x01"), "bad_request");
    EXPECT_EQ(code_with(aggregate, "/fork_info/fork/current_version", "0xffffffff"), "bad_request")
        << "a fork that is not known";
}

TEST_F(Hostile, BodiesThatAreNone) {
    const std::string text = valid.dump();
    for (const std::string& body : std::vector<std::string>{
             "", " ", "null", "[]", "1", "\"\"", "{", text + "}", text + text, text.substr(1), "{}",
             R"({"type":1})", R"({"type":"ATTESTATION"})",
             R"({"type":"ATTESTATION",)" + text.substr(1), R"({"attestation":{},)" + text.substr(1),

             R"({"type":"\ud800"})", "{\"type\":\"ATTESTATION\xff\"}", std::string(1000, '['),
             R"({"type":)" + std::string(100, '[') + std::string(100, ']') + "}"}) {
        const std::string code = code_of_body(body);
        EXPECT_TRUE(code == "bad_request" || code == "unknown_type") << body << " " << code;
    }
    EXPECT_EQ(code_of_body(std::string(65'537, ' ')), "too_large");
    EXPECT_EQ(code_of_body(text + std::string(64'000, ' ')), "signed") << "the same again";
    for (const char* type : {"", "BLOCK", "BLOCK_V3", "attestation ", "TRANSFER",
                             "EXECUTION_PAYLOAD_BID", "PAYLOAD_ATTESTATION", "ＡTTESTATION"}) {
        EXPECT_EQ(code_with(valid, "/type", type), "unknown_type") << type;
    }
}

TEST_F(Hostile, ARootThatIsAnothersIsRefused) {
    EXPECT_EQ(code_with(valid, "/signingRoot", root_text(1)), "root_mismatch");
    Json both = valid;
    const auto parsed = ethereum::parse_signing_request(
        valid.dump(), {network, ethereum::PublicKey::parse(key).value(), false});
    both["signingRoot"] = ethereum::prefixed_hex(parsed->request->signing_root);
    EXPECT_EQ(outcome(key, both), "signed");
    EXPECT_EQ(code_with(both, "/signing_root", root_text(1)), "root_mismatch") << "of two, both";
}

TEST_F(Hostile, WithoutATokenOfTheRightFormNobodyIsAsked) {
    const std::string secret = token.substr(21);
    const std::string path = "/api/v1/eth2/sign/" + key;
    look();
    for (const std::string& given :
         std::vector<std::string>{"",
                                  " ",
                                  "Bearer",
                                  "Bearer ",
                                  "Digest x",
                                  "Token " + token,
                                  token,
                                  "Bearer x",
                                  "Bearer " + token.substr(1),
                                  "Bearer " + token + "A",
                                  "Bearer " + token.substr(0, 63),
                                  "Bearer rdt_" + std::string(16, 'g') + "_" + secret,
                                  "Bearer RDT_" + token.substr(4),
                                  "Bearer rdt-" + token.substr(4),
                                  "Bearer " + token.substr(0, 20) + "." + secret,
                                  "Bearer " + token + " " + token,
                                  "Bearer " + token + ",",
                                  "Basic",
                                  "Basic " + token,
                                  "Basic !!!!",
                                  "Basic " + to_base64(bytes_of(token)),
                                  "Basic " + to_base64(bytes_of("user:")),
                                  "Basic " + to_base64(bytes_of("user:x" + token)),
                                  "Basic " + to_base64(bytes_of(std::string(5000, 'a'))),
                                  std::string(100'000, 'B'),
                                  "Bearer \xff\xfe",
                                  "Bearer " + std::string(1, '\0') + token,
                                  "AWS4-HMAC-SHA256 Credential=AKIA"}) {
        const auto answer = with_authorization(given, path);
        EXPECT_EQ(answer.response.status, 401) << given;
        EXPECT_EQ(http::header(answer.response, "WWW-Authenticate"), R"(Basic realm="redoubt")");
        EXPECT_FALSE(answer.response.body.contains(secret)) << "nothing of it is told";
    }
    for (const std::string& in_path : {std::string("/t/"), std::string("/t"), "/t/x" + path,
                                       "/t/" + token + "x" + path, "/T/" + token + path}) {
        EXPECT_EQ(with_authorization("", in_path).response.status, 401) << in_path;
    }
    EXPECT_EQ(calls_since(), 0U);
}

TEST_F(Hostile, ATokenThatIsNotKnownIsAskedForOnce) {
    const std::string unknown = "rdt_" + std::string(16, '0') + token.substr(20);
    look();
    for (int i = 0; i < 3; ++i) {
        const auto answer = with_authorization("Bearer " + unknown, "/api/v1/eth2/sign/" + key);
        EXPECT_EQ(outcome_of(answer), "token_invalid");
        EXPECT_EQ(answer.trace.caller, "token 0000000000000000");
    }
    EXPECT_EQ(calls_since(), 1U);
    const std::string wrong =
        token.substr(0, 30) + (token[30] == 'A' ? 'B' : 'A') + token.substr(31);
    EXPECT_EQ(outcome_of(with_authorization("Bearer " + wrong, "/upcheck/")), "token_invalid");
}

TEST_F(Hostile, APathTokenIsForPathsAndOthersForHeaders) {
    const std::string in_path = make_token({"validator"}, access::AllKeys{}, true);
    const std::string path = "/api/v1/eth2/sign/" + key;
    const auto signed_by_path = with_authorization("", "/t/" + in_path + path);
    EXPECT_EQ(outcome_of(signed_by_path), "signed");
    EXPECT_EQ(signed_by_path.trace.caller, "token " + in_path.substr(4, 16)) << "and no more of it";
    EXPECT_EQ(outcome_of(with_authorization("Bearer " + token, "/t/" + in_path + path)), "signed");
    EXPECT_EQ(outcome_of(with_authorization("Bearer " + in_path, path)), "token_invalid");
    EXPECT_EQ(outcome_of(with_authorization("", "/t/" + token + path)), "token_invalid");
    EXPECT_EQ(outcome_of(with_authorization("Bearer " + token, "/t/" + token + path)),
              "token_invalid")
        << "the path decides";
    EXPECT_EQ(outcome_of(with_authorization("Basic " + to_base64(bytes_of("me:" + token)), path)),
              "signed");
}

TEST_F(Hostile, RoutesAndMethods) {
    const auto code = [this](const std::string& method, const std::string& path) {
        return outcome_of(call(method, path, ""));
    };
    for (const char* path : {"/", "/api", "/api/v1/eth2/sign", "/api/v2/eth2/publicKeys",
                             "/eth/v1/keystores", "/metrics", "/api/v1/eth2/ext/sign/0x00",
                             "/signer/v1/get_pubkeys", "/api/v1/eth2/publickeys", "/UPCHECK"}) {
        EXPECT_EQ(code("GET", path), "unknown_route") << path;
    }
    const std::string sign_path = "/api/v1/eth2/sign/" + key;
    for (const auto& [method, path] :
         std::multimap<std::string, std::string>{{"GET", sign_path},
                                                 {"PUT", sign_path},
                                                 {"DELETE", sign_path},
                                                 {"post", sign_path},
                                                 {"", sign_path},
                                                 {"POST", "/api/v1/eth2/publicKeys"},
                                                 {"HEAD", "/healthcheck"},
                                                 {"GET", "/reload"},
                                                 {"POST", "/upcheck"},
                                                 {"POST", "/api/v1/eth2/highWatermark"}}) {
        EXPECT_EQ(code(method, path), "method_not_allowed") << method << path;
    }
    EXPECT_EQ(outcome_of(call("POST", "//api//v1/eth2/sign/" + key + "/", valid.dump())), "signed");
    token = make_token({"ATTESTATION"}, access::AllKeys{});
    for (const auto& [method, path] : std::map<std::string, std::string>{
             {"GET", "/api/v1/eth2/publicKeys"}, {"POST", "/reload"}}) {
        EXPECT_EQ(code(method, path), "not_permitted") << path;
    }
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "not_permitted");
    EXPECT_EQ(outcome(key, valid), "signed");
}

/// After the body and the rights, as any other key.
TEST_F(Hostile, WhatIsNoKeyIsSaidWhereAKeyIsLookedFor) {
    look();
    for (const std::string& bad : {std::string("0x"), std::string("x"), key + "0", key.substr(1),
                                   "0x" + std::string(96, 'g'), key.substr(0, 96)}) {
        const std::string path = "/api/v1/eth2/sign/" + bad;
        const auto code = [&](const Json& request) {
            return outcome_of(call("POST", path, request.dump()));
        };
        token = all_keys;
        EXPECT_EQ(outcome_of(call("POST", path, "")), "bad_request") << bad;
        EXPECT_EQ(code(valid), "unknown_key") << bad;
        EXPECT_EQ(code(requests.exit(epoch_now())), "not_permitted") << bad;
        for (const std::string& narrow : {this_key, tagged}) {
            token = narrow;
            EXPECT_EQ(code(valid), "not_permitted") << bad;
        }
    }
    EXPECT_EQ(calls_since(), 2U) << "for the rights of the two tokens";
}

TEST_F(Hostile, HealthAndUpcheck) {
    token = make_token({"read"}, access::AllKeys{});
    look();
    http::Request upcheck{
        .method = "GET", .path = "/upcheck", .query = http::Pairs(), .body = std::string()};
    for (const std::string& path : {std::string("/upcheck"), "/t/" + token + "/upcheck"}) {
        upcheck.path = path;
        EXPECT_EQ(call(upcheck).response.status, 200) << path;
        EXPECT_EQ(call(upcheck).response.body, "OK") << path;
    }
    EXPECT_EQ(calls_since(), 0U);
    EXPECT_EQ(call("GET", "/healthcheck").response.status, 200);
    kms.troubles[wrapping_arn(1)] = "DisabledException";
    restart();
    const auto down = call("GET", "/healthcheck");
    EXPECT_EQ(down.response.status, 503);
    EXPECT_TRUE(down.response.body.contains("wrap_refused")) << down.response.body;
    kms.troubles.clear();
    EXPECT_EQ(call("GET", "/healthcheck").response.status, 503) << "ten seconds old";
    world.clock.advance(std::chrono::seconds(10));
    EXPECT_EQ(call("GET", "/healthcheck").response.status, 200);
    EXPECT_EQ(call("GET", "/api/v1/eth2/highWatermark").response.body, "{}");
    EXPECT_EQ(call("POST", "/reload").response.status, 202);
}

TEST_F(Hostile, PublicKeysAreOfTheIndexAloneAndAMinuteOld) {
    const std::string other = make_key("other", {{"tags", {"a"}}});
    token = make_token({"read"}, access::AllKeys{});
    const auto listed = [this] {
        const auto answer = call("GET", "/api/v1/eth2/publicKeys");
        return Json::parse(answer.response.body).get<std::set<std::string>>();
    };
    look();
    EXPECT_EQ(listed(), (std::set<std::string>{key, other}));
    EXPECT_EQ(calls_since("Query"), 16U);
    EXPECT_EQ(listed(), (std::set<std::string>{key, other}));
    EXPECT_EQ(calls_since("Query"), 16U);
    token = make_token({"read"}, access::TaggedKeys{{"a"}});
    EXPECT_EQ(listed(), std::set<std::string>{other});
    ask({{"command", "set_keys"}, {"keys", {other}}, {"on", false}});
    EXPECT_EQ(listed(), std::set<std::string>{other});
    world.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(listed(), std::set<std::string>{});
}

/// A shard answers a page of one key, until there is none left.
TEST_F(Hostile, PublicKeysAreOfAllPages) {
    std::set<std::string> all = {key};
    for (const char* batch : {"b", "c", "d", "e", "f", "g"}) all.insert(make_key(batch));
    token = make_token({"read"}, access::AllKeys{});
    interrupt = [this](const http::ClientRequest& asked) -> std::optional<http::ResponseOrError> {
        if (operation_of(asked) != "Query") return std::nullopt;
        const Json call = body_of(asked);
        Json body = Json::parse(carry_out(asked).value().body);
        const Json* start = member(call, "ExclusiveStartKey");
        std::map<std::string, Json> left;
        for (const Json& item : body.at("Items")) left[item.at("id").at("S")] = item;
        if (start != nullptr) {
            left.erase(left.begin(), left.upper_bound(start->at("id").at("S")));
        }
        body["Items"] = Json::array();
        if (!left.empty()) body["Items"].push_back(left.begin()->second);
        if (left.size() > 1) {
            const Json& last = left.begin()->second;
            body["LastEvaluatedKey"] = {{"id", last.at("id")}, {"shard", last.at("shard")}};
        }
        return aws_answer(200, body, world.clock.wall());
    };
    const auto answer = call("GET", "/api/v1/eth2/publicKeys");
    EXPECT_EQ(Json::parse(answer.response.body).get<std::set<std::string>>(), all);
}

}  // namespace
}  // namespace redoubt::test
