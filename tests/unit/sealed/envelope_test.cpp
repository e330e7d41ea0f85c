// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/envelope.hpp>

#include <gtest/gtest.h>

#include <set>

#include "../base/system_calls.hpp"
#include "equipment.hpp"

namespace redoubt::sealed::test {
namespace {

/// A secret, sealed, with all that it takes to open it; each part may be made another.
struct Envelope {
    WrapKey key = random_key();
    WrapId id = WrapId::make();
    Purpose purpose = Purpose::TezosConsensus;
    Bytes public_key = random_bytes(public_key_size);
    Bytes secret = random_bytes(secret_size);
    Bytes sealed = seal(key, id, purpose, public_key, secret);

    /// The secret in hex, or the code and message of the refusal.
    [[nodiscard]] std::string opened() const {
        const auto secret_again = unseal(key, id, purpose, public_key, sealed);
        if (secret_again) return shown(*secret_again);
        return std::string(name(secret_again.error().code)) + ": " + secret_again.error().message;
    }
};

void expect_damaged(const Envelope& envelope, std::string_view what) {
    const std::string answer = envelope.opened();
    EXPECT_TRUE(answer.starts_with("damaged_key: the sealed key ")) << what << ": " << answer;
    EXPECT_FALSE(answer.contains(to_hex(envelope.secret)));
}

void expect_each_bit_counts(const Envelope& envelope, std::span<Byte> part, std::string_view what) {
    for (std::size_t bit = 0; bit < part.size() * 8; ++bit) {
        const auto flip = static_cast<Byte>(1U << (bit % 8));
        part[bit / 8] ^= flip;
        expect_damaged(envelope, what);
        part[bit / 8] ^= flip;
    }
    EXPECT_EQ(envelope.opened(), to_hex(envelope.secret));
}

TEST(Envelope, GivesTheSecretBack) {
    for (const Purpose purpose : {Purpose::TezosConsensus, Purpose::EthereumValidator}) {
        Envelope envelope;
        envelope.purpose = purpose;
        envelope.sealed =
            seal(envelope.key, envelope.id, purpose, envelope.public_key, envelope.secret);
        EXPECT_EQ(envelope.sealed.size(), 61U);
        EXPECT_EQ(envelope.sealed[0], 1);
        EXPECT_EQ(envelope.opened(), to_hex(envelope.secret));
    }
}

TEST(Envelope, IsRefusedIfAnyOfItsBitsIsAnother) {
    Envelope envelope;
    ASSERT_EQ(envelope.sealed.size() * 8, 61U * 8);
    expect_each_bit_counts(envelope, envelope.sealed, "sealed");
}

TEST(Envelope, IsBoundToPublicKeyAndWrap) {
    Envelope envelope;
    expect_each_bit_counts(envelope, envelope.public_key, "public key");
    expect_each_bit_counts(envelope, envelope.id.bytes, "id");
    for (const std::size_t size : {0U, 47U, 49U}) {
        Envelope other;
        other.public_key.resize(size);
        expect_damaged(other, "size of the public key");
    }
    envelope.key = random_key();
    expect_damaged(envelope, "wrap key");
}

TEST(Envelope, IsBoundToItsPurpose) {
    Envelope envelope;
    envelope.purpose = Purpose::EthereumValidator;
    expect_damaged(envelope, "purpose");
    envelope.sealed =
        seal(envelope.key, envelope.id, envelope.purpose, envelope.public_key, envelope.secret);
    envelope.purpose = Purpose::TezosConsensus;
    expect_damaged(envelope, "purpose");
}

/// The key is another for each purpose, not the additional data alone: one cipher stream would
/// betray the other's.
TEST(Envelope, IsEncryptedByAnotherKeyForEachPurpose) {
    const Envelope envelope;
    const auto encrypted = [&](Purpose purpose) {
        return seal_by({}, envelope.key, envelope.id, purpose, envelope.public_key,
                       envelope.secret);
    };
    const Bytes tezos = encrypted(Purpose::TezosConsensus);
    const Bytes ethereum = encrypted(Purpose::EthereumValidator);
    EXPECT_NE(to_hex(ByteView(tezos).subspan(13, 32)), to_hex(ByteView(ethereum).subspan(13, 32)));
}

TEST(Envelope, OfAnotherSizeIsSaidToBe) {
    Envelope envelope;
    const Bytes whole = envelope.sealed;
    for (std::size_t size = 0; size <= 130; ++size) {
        if (size == sealed_size) continue;
        envelope.sealed = whole;
        envelope.sealed.resize(size);
        EXPECT_EQ(envelope.opened(), "damaged_key: the sealed key has " + std::to_string(size) +
                                         " bytes, not 61: it was altered, find out who wrote it");
    }
}

TEST(Envelope, OfAnotherVersionIsSaidToBe) {
    Envelope envelope;
    for (unsigned version = 0; version < 256; ++version) {
        if (version == 1) continue;
        envelope.sealed[0] = static_cast<Byte>(version);
        const std::string answer = envelope.opened();
        EXPECT_TRUE(answer.contains("is of version " + std::to_string(version) + ",")) << answer;
    }
}

TEST(Envelope, HasTheKernelsBytesForItsNonce) {
    const Envelope e;
    Bytes sealed;
    redoubt::test::with_random(redoubt::test::ascending_source(), [&] {
        sealed = seal(e.key, e.id, e.purpose, e.public_key, e.secret);
    });
    EXPECT_EQ(Bytes(sealed.begin() + 1, sealed.begin() + 13), redoubt::test::ascending(0, 12));
}

TEST(Envelope, NeverHasTheNonceOfAnother) {
    const Envelope envelope;
    std::set<Bytes> nonces;
    for (int i = 0; i < 5000; ++i) {
        const Bytes sealed =
            seal(envelope.key, envelope.id, envelope.purpose, envelope.public_key, envelope.secret);
        EXPECT_TRUE(nonces.emplace(sealed.begin() + 1, sealed.begin() + 13).second) << i;
    }
}

TEST(Envelope, TakesSecretsAndPublicKeysOfOneSize) {
    const Envelope envelope;
    const auto sealing = [&](std::size_t public_key, std::size_t secret) {
        return seal(envelope.key, envelope.id, envelope.purpose, Bytes(public_key), Bytes(secret));
    };
    for (const std::size_t size : {0U, 31U, 33U, 48U}) {
        EXPECT_THROW(static_cast<void>(sealing(48, size)), std::logic_error) << size;
    }
    for (const std::size_t size : {0U, 32U, 47U, 49U, 96U}) {
        EXPECT_THROW(static_cast<void>(sealing(size, 32)), std::logic_error) << size;
    }
}

}  // namespace
}  // namespace redoubt::sealed::test
