// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/bls.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

using crypto::bls::Domain;

constexpr std::string_view message_tag = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
constexpr std::string_view possession_tag = "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

tezos::PublicKey key_of(const Json& row) {
    const auto key = tezos::parse_public_key(text(row, "public_key")).value();
    EXPECT_EQ(to_hex(key.encoded()), text(row, "public_key_hex"));
    return key;
}

tezos::RawSignature signature_of(const Json& row) {
    const auto signature = tezos::parse_signature(text(row, "signature")).value();
    EXPECT_EQ(signature.scheme, tezos::SignatureScheme::Bls12381);
    EXPECT_EQ(to_hex(signature.raw), text(row, "signature_hex"));
    EXPECT_EQ(tezos::to_text(*signature.scheme, signature.raw), text(row, "signature"));
    return signature.raw;
}

TEST(BlsVectors, VerifyInTheProofOfPossessionSchemeAlone) {
    int valid = 0;
    for (const Json& row : tezos_vectors("bls")) {
        SCOPED_TRACE(text(row, "scheme"));
        const Bytes message = hex(row, "message");
        const bool verifies = key_of(row).verify(crypto::message_of(message), signature_of(row),
                                                 crypto::HighS::Refused);
        const bool is_ours = text(row, "dst") == message_tag;
        EXPECT_EQ(verifies, is_ours && flag(row, "valid")) << "augmented ones and proofs do not";
        valid += verifies ? 1 : 0;
    }
    EXPECT_GE(valid, 3);
}

TEST(BlsVectors, ProofsAreOfTheKeyThatTheyName) {
    int valid = 0;
    for (const Json& row : tezos_vectors("bls")) {
        SCOPED_TRACE(text(row, "scheme"));
        const auto key = key_of(row);
        const bool is_proof = text(row, "dst") == possession_tag;
        const auto signature = signature_of(row);
        EXPECT_EQ(crypto::bls::verify_possession(key, key, signature), is_proof);
        const auto stranger = tezos::parse_public_key(
            "BLpk1yUiLJ7RezbyViD5ZvWTfQndM3TRRYmvYWkUfH2EJqsLFnzzvpJss6pbuz3U1DDMpk8v16nV");
        EXPECT_FALSE(crypto::bls::verify_possession(key, stranger.value(), signature));
        EXPECT_FALSE(crypto::bls::verify_possession(stranger.value(), key, signature));
        valid += is_proof ? 1 : 0;
    }
    EXPECT_GE(valid, 3);
}

TEST(BlsVectors, SecretKeysMakeTheVerySignatures) {
    int made = 0;
    for (const Json& row : tezos_vectors("bls")) {
        if (!row.contains("secret_key_hex_le") || text(row, "dst").contains("AUG")) continue;
        SCOPED_TRACE(text(row, "scheme"));
        Bytes secret = hex(row, "secret_key_hex_le");
        std::ranges::reverse(secret);
        const auto key = crypto::bls::SecretKey::parse(secret).value();
        EXPECT_EQ(key.public_key(), key_of(row));
        const Domain domain =
            text(row, "dst") == message_tag ? Domain::Message : Domain::Possession;
        EXPECT_EQ(to_hex(key.sign(hex(row, "message"), domain)), text(row, "signature_hex"));
        ++made;
    }
    EXPECT_GE(made, 5);
}

}  // namespace
}  // namespace redoubt::test
