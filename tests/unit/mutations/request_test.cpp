// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include <redoubt/base/encoding.hpp>
#include <redoubt/lambda/event.hpp>

#include <fakes/messages.hpp>
#include <fakes/world.hpp>
#include "mutator.hpp"

namespace redoubt::test {
namespace {

std::string encoded_query(const http::Request& request) {
    return "authentication=" + request.query->front().second + "&version=3";
}

/// A request that would be signed, as each front brings it.
std::vector<std::string> events(const http::Request& request) {
    const std::string signature = request.query->front().second;
    const Json url = {{"version", "2.0"},
                      {"rawPath", request.path},
                      {"rawQueryString", encoded_query(request)},
                      {"requestContext", {{"http", {{"method", "POST"}}}}},
                      {"body", to_base64(bytes_of(*request.body))},
                      {"isBase64Encoded", true}};
    const Json rest = {{"httpMethod", "POST"},
                       {"path", request.path},
                       {"multiValueQueryStringParameters", {{"authentication", {signature}}}},
                       {"requestContext", {{"identity", Json::object()}}},
                       {"body", *request.body}};
    const Json balancer = {{"httpMethod", "POST"},
                           {"path", request.path},
                           {"queryStringParameters", {{"authentication", signature}}},
                           {"requestContext", {{"elb", Json::object()}}},
                           {"body", *request.body},
                           {"isBase64Encoded", false}};
    return {dump(url), dump(rest), dump(balancer)};
}

TEST(MutatedEvent, IsAnsweredAndNeverSignsAnythingElse) {
    const std::set<int> statuses = {200, 400, 401, 403, 404, 405, 413};
    Mutator mutator;
    World world;
    const SecretKey& key = world.key(tezos::SignatureScheme::Ed25519);
    const Bytes payload = to_bytes(Vote{});
    world.arm_for(key, payload, tezos::Level(99));
    const auto seeds = events(world.to_sign(key, payload));
    int answered = 0, is_signed = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto event =
            lambda::parse_event(mutator.mutate(mutator.one_of(seeds), mutator.one_of(seeds)));
        const auto* http = std::get_if<lambda::HttpEvent>(&event);
        if (http == nullptr || !http->request) continue;
        const auto& request = http->request;
        const int calls = world.calls();
        const auto answer = world.ask(*request);
        ++answered;
        EXPECT_TRUE(statuses.contains(answer.response.status)) << answer.response.body;
        EXPECT_EQ(lambda::to_answer(answer.response, http->header_form)["statusCode"],
                  answer.response.status);
        if (answer.response.status == 200 && request->method == "POST") {
            ++is_signed;
            EXPECT_TRUE(is_signature(key, payload, signature_in(answer)));
        } else {
            EXPECT_EQ(world.calls(), calls);
        }
    }
    EXPECT_GT(answered, 1000);
    EXPECT_GT(is_signed, 100);
}

TEST(MutatedRequest, NeverSignsWithoutTheRightAuthentication) {
    Mutator mutator;
    World world;
    const SecretKey& key = world.key(tezos::SignatureScheme::P256);
    const Bytes payload = to_bytes(Block{});
    world.arm_for(key, payload, tezos::Level(99));
    const auto right = world.to_sign(key, payload);
    for (int i = 0; i < 5'000; ++i) {
        http::Request request = right;
        const std::string mutant = mutator.mutate(*right.body, right.query->front().second);
        if (i % 3 == 0) request.body = mutant;
        if (i % 3 == 1) request.path = mutator.mutate(right.path, mutant);
        if (i % 3 == 2) {
            request.query->front().second = mutator.mutate(right.query->front().second, right.path);
        }
        const auto answer = world.ask(request);
        if (answer.response.status == 200) {
            EXPECT_TRUE(is_signature(key, payload, signature_in(answer)));
        } else {
            EXPECT_LT(answer.response.status, 500) << answer.response.body;
        }
    }
}

}  // namespace
}  // namespace redoubt::test
