// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/base58.hpp>

#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

TEST(Base58Vectors, AreReadAndWrittenBack) {
    for (const Json& row : tezos_vectors("base58")) {
        SCOPED_TRACE(text(row, "name") + " " + text(row, "encoded"));
        const std::string encoded = text(row, "encoded");
        EXPECT_EQ(encoded.size(), number(row, "encoded_length"));
        EXPECT_TRUE(encoded.starts_with(text(row, "string_prefix")));
        const Bytes payload = hex(row, "payload_hex");
        EXPECT_EQ(payload.size(), number(row, "payload_length"));
        Bytes whole = hex(row, "prefix_hex");
        append(whole, payload);
        EXPECT_EQ(tezos::to_base58check(whole), encoded);
        EXPECT_EQ(tezos::from_base58check(encoded), whole);
    }
}

/// Which of the typed readers take a text.
std::vector<std::string> readers_of(const std::string& encoded) {
    std::vector<std::string> readers;
    if (tezos::parse_key_hash(encoded)) readers.emplace_back("key hash");
    if (tezos::parse_public_key(encoded)) readers.emplace_back("public key");
    if (tezos::parse_signature(encoded)) readers.emplace_back("signature");
    if (tezos::parse_chain_id(encoded)) readers.emplace_back("chain id");
    return readers;
}

TEST(Base58Vectors, AreReadByTheReaderOfTheirKindAlone) {
    const std::map<std::string, std::string> reader_of = {
        {"tz1", "key hash"},    {"tz2", "key hash"},     {"tz3", "key hash"},
        {"tz4", "key hash"},    {"edpk", "public key"},  {"sppk", "public key"},
        {"p2pk", "public key"}, {"BLpk", "public key"},  {"edsig", "signature"},
        {"BLsig", "signature"}, {"spsig1", "signature"}, {"p2sig", "signature"},
        {"sig", "signature"},   {"Net", "chain id"}};
    for (const Json& row : tezos_vectors("base58")) {
        SCOPED_TRACE(text(row, "name") + " " + text(row, "encoded"));
        const auto reader = reader_of.find(text(row, "string_prefix"));
        const auto expected = reader == reader_of.end() ? std::vector<std::string>()
                                                        : std::vector<std::string>{reader->second};
        EXPECT_EQ(readers_of(text(row, "encoded")), expected);
    }
}

/// Whether a text is read as that kind and no other.
bool is_read_as(const std::string& kind, const std::string& encoded) {
    using tezos::SignatureScheme;
    if (kind == "tz1") {
        const auto hash = tezos::parse_key_hash(encoded);
        return hash && hash->scheme == SignatureScheme::Ed25519;
    }
    if (kind == "Net") return tezos::parse_chain_id(encoded).has_value();
    if (kind == "sppk") return tezos::parse_public_key(encoded).has_value();
    const auto signature = tezos::parse_signature(encoded);
    return signature && signature->scheme ==
                            (kind == "p2sig" ? SignatureScheme::P256 : SignatureScheme::Secp256k1);
}

TEST(Base58Vectors, RefusedTextsAreRefused) {
    for (const Json& row : tezos_vectors("base58_refuse")) {
        SCOPED_TRACE(text(row, "encoded") + ": " + text(row, "reason"));
        EXPECT_FALSE(is_read_as(text(row, "expected_kind"), text(row, "encoded")));
    }
    // That the check above can say yes.
    EXPECT_TRUE(is_read_as("tz1", "tz1SodoUsWVe1Yey9eMFbqRUtNpBWfir5NRr"));
    EXPECT_TRUE(is_read_as("Net", "NetXdQprcVkpaWU"));
}

TEST(KeyVectors, AddressesAndTextsFollowFromTheBytes) {
    for (const Json& row : tezos_vectors("keys")) {
        SCOPED_TRACE(text(row, "pkh"));
        const auto key = tezos::parse_public_key(text(row, "public_key"));
        ASSERT_TRUE(key.has_value());
        EXPECT_EQ(key->scheme(), scheme_of(text(row, "key_type")));
        EXPECT_EQ(to_hex(key->encoded()), text(row, "public_key_hex"));
        EXPECT_EQ(tezos::to_text(*key), text(row, "public_key"));
        EXPECT_EQ(crypto::PublicKey::parse(key->scheme(), hex(row, "public_key_hex")), *key);
        const auto hash = tezos::hash_of(*key);
        EXPECT_EQ(to_text(hash), text(row, "pkh"));
        EXPECT_EQ(to_hex(hash.hash), text(row, "pkh_hex"));
        EXPECT_EQ(tezos::parse_key_hash(text(row, "pkh")), hash);
        Bytes tagged = {tezos::tag_of(key->scheme())};
        EXPECT_EQ(to_hex(tagged) + text(row, "public_key_hex"), text(row, "public_key_binary"));
        append(tagged, hash.hash);
        EXPECT_EQ(to_hex(tagged), text(row, "pkh_binary"));
        const auto secret = tezos::from_base58check(text(row, "secret_key"));
        ASSERT_TRUE(secret.has_value());
        EXPECT_EQ(to_hex(ByteView(*secret).last(32)), text(row, "secret_key_hex"));
    }
}

}  // namespace
}  // namespace redoubt::test
