// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

#include <fakes/world.hpp>
#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

using tezos::ConsensusKind;

ConsensusKind kind_of(const std::string& kind) {
    if (kind == "block") return ConsensusKind::Block;
    return kind == "preattestation" ? ConsensusKind::Preattestation : ConsensusKind::Attestation;
}

std::vector<std::string> types_of(const Json& row) { return row.at("key_types"); }

TEST(PayloadVectors, AreReadAsTheySay) {
    for (const Json& row : tezos_vectors("payloads")) {
        SCOPED_TRACE(text(row, "id"));
        const Bytes payload = hex(row, "payload");
        EXPECT_EQ(payload.size(), number(row, "length"));
        EXPECT_EQ(to_hex(crypto::blake2b_256(payload)), text(row, "digest"));
        for (const std::string& type : types_of(row)) {
            const auto message = tezos::parse_payload(payload, scheme_of(type));
            ASSERT_TRUE(message.has_value()) << type << ": " << message.error().message;
            EXPECT_EQ(message->kind, kind_of(text(row, "kind")));
            EXPECT_EQ(to_hex(message->chain.value()), text(row, "chain_id_hex"));
            EXPECT_EQ(to_text(message->chain), text(row, "chain_id"));
            EXPECT_EQ(tezos::parse_chain_id(text(row, "chain_id")), message->chain);
            EXPECT_EQ(message->at.level.value(), number(row, "level"));
            EXPECT_EQ(message->at.round.value(), number(row, "round"));
        }
    }
}

TEST(PayloadVectors, VotesOfOneLayoutAreRefusedForKeysOfTheOther) {
    int refused = 0;
    for (const Json& row : tezos_vectors("payloads")) {
        for (const std::string type : {"tz1", "tz2", "tz3", "tz4"}) {
            if (std::ranges::count(types_of(row), type) > 0) continue;
            SCOPED_TRACE(text(row, "id") + " by " + type);
            const Bytes payload = hex(row, "payload");
            World world;
            expect_refusal(world.ask_to_sign(world.key(scheme_of(type)), payload), 403,
                           "kind_not_allowed");
            EXPECT_EQ(world.calls(), 0);
            ++refused;
        }
    }
    EXPECT_GT(refused, 10);
}

TEST(PayloadVectors, AreSignedByEachKeyTypeTheyName) {
    for (const Json& row : tezos_vectors("payloads")) {
        for (const std::string& type : types_of(row)) {
            SCOPED_TRACE(text(row, "id") + " by " + type);
            World world;
            const Bytes payload = hex(row, "payload");
            const SecretKey& key = world.key(scheme_of(type));
            world.arm_for(key, payload, tezos::Level(number(row, "level") - 1));
            const auto answered = world.ask_to_sign(key, payload);
            EXPECT_TRUE(is_signature(key, payload, signature_in(answered)));
            EXPECT_EQ(world.store.writes_asked, 1);
            EXPECT_EQ(world.signer.signatures_asked, 1);
        }
    }
}

TEST(PayloadVectors, SignersOnChainVerify) {
    int verified = 0;
    for (const Json& row : tezos_vectors("payloads")) {
        const Json* signer = member(row, "signer");
        if (signer == nullptr) continue;
        SCOPED_TRACE(text(row, "id"));
        const auto key = tezos::parse_public_key(text(*signer, "public_key"));
        const auto signature = tezos::parse_signature(text(*signer, "signature"));
        ASSERT_TRUE(key && signature);
        EXPECT_EQ(to_text(tezos::hash_of(*key)), text(*signer, "pkh"));
        EXPECT_EQ(key->scheme(), scheme_of(text(*signer, "key_type")));
        EXPECT_EQ(signature->scheme, key->scheme());
        const Bytes payload = hex(row, "payload");
        EXPECT_TRUE(key->verify(crypto::message_of(payload), signature->raw,
                                crypto::HighS::AcceptedOnP256));
        ++verified;
        const Json* generic = member(row, "onchain_signature");
        if (generic == nullptr) continue;
        const auto on_chain = tezos::parse_signature(generic->get<std::string>());
        ASSERT_TRUE(on_chain.has_value());
        EXPECT_EQ(on_chain->scheme, std::nullopt);
        EXPECT_EQ(on_chain->raw, signature->raw);
    }
    EXPECT_GT(verified, 0);
}

TEST(PayloadSignatureVectors, Verify) {
    for (const Json& row : tezos_vectors("payload_signatures")) {
        SCOPED_TRACE(text(row, "payload_id") + " by " + text(row, "key_type"));
        const Bytes payload = hex(row_where("payloads", "id", text(row, "payload_id")), "payload");
        const auto key = tezos::parse_public_key(text(row, "public_key"));
        const auto signature = tezos::parse_signature(text(row, "signature"));
        ASSERT_TRUE(key && signature);
        // tz4 keys sign no digest.
        EXPECT_EQ(row.value("digest", to_hex(crypto::blake2b_256(payload))),
                  to_hex(crypto::blake2b_256(payload)));
        EXPECT_EQ(to_text(tezos::hash_of(*key)), text(row, "pkh"));
        EXPECT_EQ(to_hex(signature->raw), text(row, "signature_hex"));
        EXPECT_EQ(signature->scheme, scheme_of(text(row, "key_type")));
        EXPECT_EQ(tezos::to_text(key->scheme(), signature->raw), text(row, "signature"));
        EXPECT_TRUE(key->verify(crypto::message_of(payload), signature->raw,
                                crypto::HighS::AcceptedOnP256));
    }
}

}  // namespace
}  // namespace redoubt::test
