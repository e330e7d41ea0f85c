// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::test {
namespace {

using tezos::SignatureScheme;

ByteArray<32> filled(Byte value) {
    ByteArray<32> out{};
    out.fill(value);
    return out;
}

tezos::Keys names_of(const std::vector<SecretKey>& keys) {
    tezos::Keys names;
    for (const SecretKey& key : keys) names.push_back(key.named());
    return names;
}

/// Published test keys of octez.
std::vector<SecretKey> consensus_keys() {
    return {SecretKey("edsk3qAQSJaDBSYN2PCMdv7BuJoBKeRyDFq5uPAwDfFRAhQdwHxPMN"),
            SecretKey("spsk2oCGdj7yZFmAWr1wqopU512kDtCfWfs7N4FoRH6bkHhgXk5Tu5"),
            SecretKey("p2sk2g5Btw8MK7fnhQg9d7DaE8QYX8A89BLWaqWTQcHuATYY3ABjD9"),
            SecretKey("BLsk1eGhiPQXKtvvkBeXzmtVVJs6KPhEF45drF7MLjoCDcSnTGuyjL")};
}

}  // namespace

World::World()
    : signer(consensus_keys()),
      bakers{SecretKey(SignatureScheme::Secp256k1, filled(0x21)),
             SecretKey(SignatureScheme::Ed25519, filled(0x22)),
             SecretKey(SignatureScheme::P256, filled(0x23)),
             SecretKey(SignatureScheme::Bls12381, filled(0x24))},
      settings{names_of(signer.keys), names_of(bakers), {}, false} {}

tezos::ApiResponse World::ask(const http::Request& request) {
    const tezos::RemoteSignerApi api(settings, {store, signer, runner, clock},
                                     [this](SteadyTime /*deadline*/) { ++connections_ensured; });
    auto response = api.respond(request, deadline);
    trace = response.trace;
    return response;
}

http::Request World::to_sign(const SecretKey& key, ByteView payload) const {
    const std::string signature = authentication(bakers.front(), key.named().hash, payload);
    return {"POST", "/keys/" + key.named().address, http::Pairs{{"authentication", signature}},
            "\"" + to_hex(payload) + "\"\n"};
}

const SecretKey& World::key(SignatureScheme scheme) const {
    for (const SecretKey& key : signer.keys) {
        if (key.scheme() == scheme) return key;
    }
    throw std::logic_error("no key of that scheme");
}

void World::arm_for(const SecretKey& key, ByteView payload, tezos::Level level) {
    store.arm(scope_of(key.named().hash, payload), level);
}

tezos::WatermarkId scope_of(const tezos::KeyHash& key, ByteView payload) {
    ByteArray<4> chain{};
    std::ranges::copy(payload.subspan(1, 4), chain.begin());
    switch (payload[0]) {
        case 0x11: return {key, tezos::ChainId(chain), tezos::ConsensusKind::Block};
        case 0x12: return {key, tezos::ChainId(chain), tezos::ConsensusKind::Preattestation};
        case 0x13: return {key, tezos::ChainId(chain), tezos::ConsensusKind::Attestation};
        default: throw std::logic_error("no consensus message");
    }
}

std::string signature_in(const tezos::ApiResponse& answered) {
    const auto body = parse_json(answered.response.body);
    const std::string* text = body ? string_member(*body, "signature") : nullptr;
    if (answered.response.status != 200 || text == nullptr) {
        throw std::runtime_error("no signature: " + answered.response.body);
    }
    return *text;
}

bool is_signature(const SecretKey& key, ByteView payload, const std::string& text) {
    const auto signature = tezos::parse_signature(text);
    return signature && signature->scheme == key.scheme() &&
           key.named().public_key.verify(crypto::message_of(payload), signature->raw,
                                         crypto::HighS::Refused);
}

void expect_refusal(const tezos::ApiResponse& answered, int status, std::string_view code) {
    EXPECT_EQ(answered.response.status, status) << answered.response.body;
    ASSERT_TRUE(answered.error.has_value());
    EXPECT_EQ(name(answered.error->code), code) << answered.error->message;
    EXPECT_EQ(http::header(answered.response, "X-Redoubt-Error"), code);
    const auto trace = parse_json(answered.response.body);
    ASSERT_TRUE(trace && trace->is_array() && trace->size() == 1) << answered.response.body;
    const Json& failure = trace->front();
    EXPECT_EQ(failure.value("kind", ""), "temporary");
    EXPECT_EQ(failure.value("id", ""), "failure");
    EXPECT_TRUE(failure.value("msg", "").starts_with(std::string(code) + ": ")) << failure;
}

}  // namespace redoubt::test
