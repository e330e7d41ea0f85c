// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/ecdsa.hpp>
#include <redoubt/tezos/base58.hpp>

#include <fakes/secret_key.hpp>
#include "../vectors/tezos_vectors.hpp"
#include "mutator.hpp"

/// A replay of a short fuzzing run: whatever comes, no parser crashes, and what is still accepted
/// is what an independent look at the bytes says.
namespace redoubt::test {
namespace {

using tezos::SignatureScheme;

TEST(MutatedDer, IsReadInItsOneSpellingOnly) {
    Mutator mutator;
    for (const SignatureScheme scheme : {SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        const SecretKey key(scheme, {0x51});
        int read = 0;
        for (Byte i = 0; i < 20; ++i) {
            const Bytes right = key.sign_as_kms({i});
            for (int j = 0; j < 500; ++j) {
                const Bytes mutant = mutator.mutate(right, right);
                const auto raw = crypto::parse_der_signature(scheme, mutant);
                if (!raw) continue;
                ++read;
                EXPECT_EQ(to_der(*raw), mutant) << to_hex(mutant);
            }
        }
        EXPECT_GT(read, 0);
    }
}

TEST(MutatedSpki, GivesAPointOrNothing) {
    Mutator mutator;
    for (const SignatureScheme scheme : kms_schemes) {
        const Bytes right = SecretKey(scheme, {0x51}).spki();
        for (int i = 0; i < 2000; ++i) {
            const Bytes mutant = mutator.mutate(right, right);
            const auto key = crypto::PublicKey::parse_spki(mutant);
            if (!key) continue;
            EXPECT_EQ(key->scheme(), scheme);
            EXPECT_EQ(mutant.size(), right.size());
            const std::size_t x = right.size() - (scheme == SignatureScheme::Ed25519 ? 32 : 64);
            EXPECT_TRUE(std::ranges::equal(ByteView(key->encoded()).last(32),
                                           ByteView(mutant).subspan(x, 32)));
        }
    }
}

TEST(MutatedBase58, IsReadInItsOneSpellingOnly) {
    Mutator mutator;
    std::vector<std::string> texts;
    for (const Json& row : tezos_vectors("base58")) texts.push_back(text(row, "encoded"));
    for (int i = 0; i < 20'000; ++i) {
        const std::string mutant = mutator.mutate(mutator.one_of(texts), mutator.one_of(texts));
        const auto bytes = tezos::from_base58check(mutant);
        if (bytes) {
            EXPECT_EQ(tezos::to_base58check(*bytes), mutant);
        }
        if (const auto hash = tezos::parse_key_hash(mutant)) {
            EXPECT_EQ(to_text(*hash), mutant);
        }
        if (const auto key = tezos::parse_public_key(mutant)) {
            EXPECT_EQ(tezos::to_text(*key), mutant);
        }
        if (const auto signature = tezos::parse_signature(mutant); signature && signature->scheme) {
            EXPECT_EQ(tezos::to_text(*signature->scheme, signature->raw), mutant);
        }
        if (const auto chain = tezos::parse_chain_id(mutant)) {
            EXPECT_EQ(to_text(*chain), mutant);
        }
    }
}

TEST(MutatedTexts, AreReadInTheirOneSpellingOnly) {
    Mutator mutator;
    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes(mutator.below(60));
        for (Byte& byte : bytes) byte = static_cast<Byte>(mutator.below(256));
        const std::string base64 = mutator.mutate(to_base64(bytes), "=+/A");
        if (const auto read = from_base64(base64)) {
            EXPECT_EQ(to_base64(*read), base64);
        }
        std::string hex = mutator.mutate(to_hex(bytes), "00ffG ");
        if (const auto read = from_hex(hex)) {
            std::ranges::transform(hex, hex.begin(), [](char c) {
                return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
            });
            EXPECT_EQ(to_hex(*read), hex);
        }
        static_cast<void>(percent_decode(mutator.mutate("%41%2f+%", base64), i % 2 == 0));
    }
}

}  // namespace
}  // namespace redoubt::test
