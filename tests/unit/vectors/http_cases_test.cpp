// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fakes/messages.hpp>
#include <fakes/world.hpp>
#include "tezos_vectors.hpp"

/// The rows say what octez-signer answers; here they have the design's statuses and codes.
namespace redoubt::test {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    if (at != std::string::npos) text.replace(at, what.size(), by);
    return text;
}

class Case {
public:
    explicit Case(const Json& row)
        : row_(row), key_(world_.key(tezos::SignatureScheme::Secp256k1)) {
        world_.arm_for(key_, payload_, tezos::Level(99));
    }

    tezos::ApiResponse ask() { return world_.ask(request()); }
    [[nodiscard]] const World& world() const { return world_; }
    [[nodiscard]] const SecretKey& key() const { return key_; }
    [[nodiscard]] const Bytes& payload() const { return payload_; }

private:
    [[nodiscard]] http::Request request() const {
        const Json& asked = row_.at("request");
        http::Request request = world_.to_sign(key_, payload_);
        const std::string payload_body = request.body.value();
        const std::string valid = request.query->at(0).second;
        request.method = text(asked, "method");
        request.path = replaced(text(asked, "path"), "<pkh>", key_.named().address);
        // A well-formed address that this signer does not hold.
        request.path =
            replaced(request.path, "<unknown pkh>", "tz1ZPqjRYDS6HTmTy1GDTmVB5VMbBv81VrSQ");
        request.query = query(asked, valid);
        request.body = replaced(asked.value("body", ""), "\"<payload hex>\"", payload_body);
        return request;
    }

    [[nodiscard]] http::Pairs query(const Json& asked, const std::string& valid) const {
        const std::string given = asked.value("query", "");
        if (given.empty()) return {};
        if (given == "authentication=<sig>&version=3") {
            return {{"authentication", valid}, {"version", "3"}};
        }
        if (given == "authentication=xyz") return {{"authentication", "xyz"}};
        if (given == "authentication=<wrong sig>") {
            return {{"authentication", authentication(key_, key_.named().hash, payload_)}};
        }
        throw std::runtime_error("a query that this test does not know: " + given);
    }

    const Json& row_;
    World world_;
    const SecretKey& key_;
    Bytes payload_ = to_bytes(Vote{});
};

/// For a row that the signer refuses: the design's status and code.
struct Refusal {
    int status;
    std::string code;
};

const std::map<std::string, Refusal>& refusals() {
    static const std::map<std::string, Refusal> all = {
        {"http-unknown-key", {404, "unknown_key"}},
        {"http-bad-pkh", {404, "unknown_key"}},
        {"http-sign-body-not-string", {400, "bad_request"}},
        {"http-sign-body-bad-hex", {400, "bad_request"}},
        {"http-sign-odd-hex", {400, "bad_request"}},
        {"http-auth-missing", {401, "authentication_missing"}},
        {"http-auth-wrong", {401, "authentication_invalid"}},
        {"http-auth-undecodable", {401, "authentication_invalid"}},
    };
    return all;
}

void expect_answer(const std::string& id, const Case& asked, const tezos::ApiResponse& answered) {
    ASSERT_EQ(answered.response.status, 200) << answered.response.body;
    const Json body = parse_json(answered.response.body).value();
    ASSERT_EQ(body.size(), 1U) << body;
    if (id == "http-public-key") {
        EXPECT_EQ(text(body, "public_key"), asked.key().named().public_key_text);
    } else if (id == "http-sign") {
        EXPECT_TRUE(is_signature(asked.key(), asked.payload(), text(body, "signature")));
    } else if (id == "http-authorized-list" || id == "http-authorized-none") {
        // Octez answers {} if it wants no authentication; this signer always wants it.
        std::vector<std::string> addresses;
        for (const SecretKey& baker : asked.world().bakers) {
            addresses.push_back(baker.named().address);
        }
        EXPECT_EQ(body.at("authorized_keys"), Json(addresses));
    } else {
        FAIL() << "a row that this test does not know";
    }
}

TEST(HttpVectors, AreAnsweredAsTheDesignSays) {
    std::size_t refused = 0;
    for (const Json& row : tezos_vectors("http.cases")) {
        const std::string id = text(row, "id");
        SCOPED_TRACE(id);
        Case asked(row);
        const auto answered = asked.ask();
        const auto refusal = refusals().find(id);
        if (refusal == refusals().end()) {
            expect_answer(id, asked, answered);
            continue;
        }
        ++refused;
        expect_refusal(answered, refusal->second.status, refusal->second.code);
        EXPECT_EQ(asked.world().calls(), 0);
    }
    EXPECT_EQ(refused, refusals().size());
}

}  // namespace
}  // namespace redoubt::test
