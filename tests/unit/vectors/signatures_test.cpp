// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/ecdsa.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/base58.hpp>
#include <redoubt/tezos/commit.hpp>

#include <fakes/secret_key.hpp>
#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

using crypto::HighS;

TEST(SignatureVectors, VerifyAsTheySay) {
    for (const Json& row : tezos_vectors("signatures")) {
        SCOPED_TRACE(text(row, "signature"));
        const auto key = tezos::parse_public_key(text(row, "public_key"));
        const auto signature = tezos::parse_signature(text(row, "signature"));
        ASSERT_TRUE(key && signature);
        EXPECT_EQ(to_hex(signature->raw), text(row, "signature_hex"));
        EXPECT_EQ(signature->scheme.value_or(key->scheme()), scheme_of(text(row, "key_type")));
        const auto digest = crypto::blake2b_256(hex(row, "message"));
        EXPECT_EQ(to_hex(digest), text(row, "digest"));
        EXPECT_EQ(key->verify(of_digest(digest), signature->raw, HighS::AcceptedOnP256),
                  flag(row, "valid"));
        const bool high_s = row.contains("high_s") && flag(row, "high_s");
        EXPECT_EQ(crypto::has_low_s(key->scheme(), signature->raw), !high_s);
        EXPECT_EQ(key->verify(of_digest(digest), signature->raw, HighS::Refused),
                  flag(row, "valid") && !high_s);
    }
}

TEST(SpkiVectors, GiveTheTezosKey) {
    for (const Json& row : tezos_vectors("kms.spki")) {
        SCOPED_TRACE(text(row, "pkh"));
        const auto key = crypto::PublicKey::parse_spki(hex(row, "der"));
        ASSERT_TRUE(key.has_value());
        EXPECT_EQ(key->scheme(), scheme_of(text(row, "key_type")));
        EXPECT_EQ(tezos::to_text(*key), text(row, "public_key"));
        EXPECT_EQ(to_text(tezos::hash_of(*key)), text(row, "pkh"));
    }
}

TEST(DerVectors, BecomeVerifiedLowSignatures) {
    for (const Json& row : tezos_vectors("kms.der_signatures")) {
        SCOPED_TRACE(text(row, "id"));
        const auto scheme = scheme_of(text(row, "key_type"));
        const auto parsed = crypto::parse_der_signature(scheme, hex(row, "der"));
        ASSERT_TRUE(parsed.has_value());
        EXPECT_EQ(crypto::has_low_s(scheme, *parsed), !flag(row, "der_is_high_s"));
        const auto low = crypto::with_low_s(scheme, *parsed);
        EXPECT_EQ(to_hex(low), text(row, "raw_low_s_hex"));
        EXPECT_EQ(tezos::to_text(scheme, low), text(row, "encoded_low_s"));
        const auto key = tezos::parse_public_key(text(row, "public_key"));
        ASSERT_TRUE(key.has_value());
        const auto digest = hex_array<32>(row, "digest");
        const auto unreleased = tezos::UnreleasedSignature::verified(*key, of_digest(digest), low);
        ASSERT_TRUE(unreleased.has_value());
        EXPECT_EQ(unreleased_text(tezos::KeyInfo(*key), *unreleased), text(row, "encoded_low_s"));
    }
}

TEST(DerVectors, RefusedFormsAreRefused) {
    for (const Json& row : tezos_vectors("kms.der_refuse")) {
        SCOPED_TRACE(text(row, "id") + ": " + text(row, "reason"));
        EXPECT_FALSE(crypto::parse_der_signature(scheme_of(text(row, "key_type")), hex(row, "der"))
                         .has_value());
    }
}

/// A block's hash covers its signature: bytes after magic byte and chain id, then the signature.
std::string block_hash(const Bytes& payload, const tezos::RawSignature& signature) {
    Bytes header(payload.begin() + 5, payload.end());
    append(header, signature);
    Bytes hash = {0x01, 0x34};
    append(hash, crypto::blake2b_256(header));
    return tezos::to_base58check(hash);
}

TEST(MalleabilityVectors, TheHighTwinVerifiesAndIsNeverReleased) {
    for (const Json& row : tezos_vectors("malleability")) {
        SCOPED_TRACE(text(row, "payload_id"));
        const Bytes payload = hex(row_where("payloads", "id", text(row, "payload_id")), "payload");
        const auto digest = crypto::blake2b_256(payload);
        const auto key = tezos::parse_public_key(text(row, "public_key"));
        const auto first = tezos::parse_signature(text(row, "signature_1"));
        const auto second = tezos::parse_signature(text(row, "signature_2"));
        ASSERT_TRUE(key && first && second);
        EXPECT_EQ(block_hash(payload, first->raw), text(row, "block_hash_1"));
        EXPECT_EQ(block_hash(payload, second->raw), text(row, "block_hash_2"));
        EXPECT_NE(text(row, "block_hash_1"), text(row, "block_hash_2"));
        int releasable = 0;
        for (const auto& raw : {first->raw, second->raw}) {
            EXPECT_TRUE(key->verify(of_digest(digest), raw, HighS::AcceptedOnP256));
            if (tezos::UnreleasedSignature::verified(*key, of_digest(digest), raw)) ++releasable;
        }
        EXPECT_EQ(releasable, 1);
        EXPECT_EQ(crypto::with_low_s(key->scheme(), first->raw),
                  crypto::with_low_s(key->scheme(), second->raw));
    }
}

}  // namespace
}  // namespace redoubt::test
