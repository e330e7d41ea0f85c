// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/types.hpp>

#include <gtest/gtest.h>

#include <redoubt/tezos/base58.hpp>

#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using tezos::SignatureScheme;

TEST(Texts, GoThereAndBack) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key(scheme, {0x31});
        EXPECT_EQ(tezos::parse_public_key(key.named().public_key_text), key.named().public_key);
        EXPECT_EQ(tezos::parse_key_hash(key.named().address), key.named().hash);
        const Bytes bytes = {0x01};
        const auto raw = key.sign(crypto::message_of(bytes));
        const auto signature = tezos::parse_signature(tezos::to_text(scheme, raw));
        ASSERT_TRUE(signature.has_value());
        EXPECT_EQ(signature->scheme, scheme);
        EXPECT_EQ(signature->raw, raw);
    }
    EXPECT_EQ(to_text(tezos::ChainId({0x7a, 0x06, 0xa7, 0x70})), "NetXdQprcVkpaWU");
}

/// base58check of a prefix and a payload of that length.
std::string text_of(Bytes prefix, std::size_t length) {
    prefix.insert(prefix.end(), length, 0x01);
    return tezos::to_base58check(prefix);
}

TEST(Texts, APrefixAloneIsNotEnough) {
    for (const std::size_t length : {0U, 3U, 5U, 20U}) {
        EXPECT_EQ(tezos::parse_chain_id(text_of({0x57, 0x52, 0x00}, length)), std::nullopt);
    }
    for (const std::size_t length : {0U, 19U, 21U, 32U}) {
        for (const Byte scheme : {Byte{0x9f}, Byte{0xa1}, Byte{0xa4}, Byte{0xa6}}) {
            EXPECT_EQ(tezos::parse_key_hash(text_of({0x06, 0xa1, scheme}, length)), std::nullopt);
        }
    }
    for (const std::size_t length : {0U, 63U, 65U, 96U}) {
        EXPECT_FALSE(tezos::parse_signature(text_of({0x09, 0xf5, 0xcd, 0x86, 0x12}, length)));
        EXPECT_FALSE(tezos::parse_signature(text_of({0x0d, 0x73, 0x65, 0x13, 0x3f}, length)));
        EXPECT_FALSE(tezos::parse_signature(text_of({0x36, 0xf0, 0x2c, 0x34}, length)));
        EXPECT_FALSE(tezos::parse_signature(text_of({0x04, 0x82, 0x2b}, length)));
    }
    for (const std::size_t length : {0U, 48U, 64U, 95U, 97U}) {
        EXPECT_FALSE(tezos::parse_signature(text_of({0x28, 0xab, 0x40, 0xcf}, length)));
    }
    for (const std::size_t length : {0U, 31U, 33U, 34U, 64U}) {
        EXPECT_FALSE(tezos::parse_public_key(text_of({0x0d, 0x0f, 0x25, 0xd9}, length)));
    }
}

TEST(Texts, OtherSortsOfKeysAreNotRead) {
    // tz5 and KT1-like prefixes of addresses.
    for (const Byte last : {Byte{0xa9}, Byte{0x00}, Byte{0xff}}) {
        EXPECT_EQ(tezos::parse_key_hash(text_of({0x06, 0xa1, last}, 20)), std::nullopt);
    }
    EXPECT_EQ(tezos::parse_key_hash(text_of({0x02, 0x5a, 0x79}, 20)), std::nullopt);
    // A secret where a public key is expected.
    EXPECT_FALSE(tezos::parse_public_key("edsk3qAQSJaDBSYN2PCMdv7BuJoBKeRyDFq5uPAwDfFRAhQdwHxPMN"));
}

TEST(Texts, APublicKeyThatIsNoPointIsNotRead) {
    Bytes secp = {0x03, 0xfe, 0xe2, 0x56, 0x02};
    secp.resize(4 + 33, 0x00);
    secp.back() = 0x05;  // x = 5 has no y
    EXPECT_FALSE(tezos::parse_public_key(tezos::to_base58check(secp)));
    secp.back() = 0x01;
    EXPECT_TRUE(tezos::parse_public_key(tezos::to_base58check(secp)).has_value());
    EXPECT_FALSE(tezos::parse_public_key(text_of({0x06, 0x95, 0x87, 0xcc}, 48)));  // BLpk
}

TEST(Find, LooksByCurveAndHash) {
    tezos::Keys keys;
    for (const SignatureScheme scheme : schemes) keys.push_back(SecretKey(scheme, {0x31}).named());
    for (const auto& key : keys) EXPECT_EQ(tezos::find(keys, key.hash), &key);
    auto same_hash = keys[0].hash;
    same_hash.scheme = SignatureScheme::P256;
    EXPECT_EQ(tezos::find(keys, same_hash), nullptr);
    EXPECT_EQ(tezos::find({}, keys[0].hash), nullptr);
}

}  // namespace
}  // namespace redoubt::test
