// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/authentication.hpp>

#include <gtest/gtest.h>

#include <type_traits>

#include <redoubt/tezos/base58.hpp>

#include <fakes/messages.hpp>
#include <fakes/secret_key.hpp>
#include <fakes/world.hpp>

namespace redoubt::test {
namespace {

using tezos::Authenticated;
using tezos::SignatureScheme;

static_assert(!std::is_default_constructible_v<Authenticated>);
static_assert(!std::is_constructible_v<Authenticated, tezos::SignCommand, const tezos::KeyInfo&>);
static_assert(!std::is_aggregate_v<Authenticated>);

/// Who asks a secp256k1 key for what.
class Authentication : public ::testing::Test {
protected:
    std::string verdict(std::optional<std::string> authentication) const {
        const auto authenticated = tezos::authenticate({key, payload, std::move(authentication)},
                                                       world.settings.authorized_keys);
        return authenticated ? "yes" : std::string(name(authenticated.error().code));
    }

    World world;
    const tezos::KeyInfo& key = world.key(SignatureScheme::Secp256k1).named();
    Bytes payload = to_bytes(Vote{});
};

TEST_F(Authentication, EachAuthorizedKeyMaySpeak) {
    for (const SecretKey& baker : world.bakers) {
        EXPECT_EQ(verdict(authentication(baker, key.hash, payload)), "yes");
    }
}

TEST_F(Authentication, NamesTheKeyThatSpoke) {
    for (const SecretKey& baker : world.bakers) {
        const auto authenticated =
            tezos::authenticate({key, payload, authentication(baker, key.hash, payload)},
                                world.settings.authorized_keys);
        ASSERT_TRUE(authenticated);
        EXPECT_EQ(authenticated->signed_by().address, baker.named().address);
    }
}

TEST_F(Authentication, NobodyElseMay) {
    EXPECT_EQ(verdict(std::nullopt), "authentication_missing");
    for (const std::string& text :
         {std::string(), std::string("xyz"), std::string(99, '1'), std::string(100'000, 'z'),
          std::string("edsigtXomBKi5CTRf5cjATJWSyaRvhfYNHqSUGrn4SdbYRcGwQrUGjzEfQDTuqHhuA8b2d8NarZj"
                      "z8TRf65WkpQmo423BtomS8Q")}) {
        EXPECT_EQ(verdict(text), "authentication_invalid");
    }
    for (const SignatureScheme scheme : schemes) {
        EXPECT_EQ(verdict(authentication(SecretKey(scheme, {0x37}), key.hash, payload)),
                  "authentication_invalid");
    }
    EXPECT_EQ(verdict(authentication(world.key(SignatureScheme::Secp256k1), key.hash, payload)),
              "authentication_invalid")
        << "the consensus key is not an authorized key";
}

TEST_F(Authentication, IsBoundToTheKeyAndToEveryByte) {
    const SecretKey& baker = world.bakers.front();
    const auto& other_key = world.key(SignatureScheme::P256).named();
    EXPECT_EQ(verdict(authentication(baker, other_key.hash, payload)), "authentication_invalid");
    for (std::size_t i = 0; i < payload.size(); i += 5) {
        Bytes other = payload;
        other[i] ^= 0x01;
        EXPECT_EQ(verdict(authentication(baker, key.hash, other)), "authentication_invalid");
    }
    EXPECT_EQ(verdict(authentication(baker, key.hash, {})), "authentication_invalid");
}

TEST_F(Authentication, NoAuthorizedKeyMeansNobody) {
    EXPECT_FALSE(tezos::authenticate(
                     {key, payload, authentication(world.bakers.front(), key.hash, payload)}, {})
                     .has_value());
}

/// A 64-byte signature as the generic text `sig…`.
std::string generic_text(const tezos::RawSignature& raw) {
    Bytes bytes = {0x04, 0x82, 0x2b};
    append(bytes, raw);
    return tezos::to_base58check(bytes);
}

TEST_F(Authentication, TheGenericFormTakesItsKindFromTheKey) {
    for (const SecretKey& baker : world.bakers) {
        if (baker.scheme() == SignatureScheme::Bls12381) continue;  // has 96 bytes
        const auto typed = tezos::parse_signature(authentication(baker, key.hash, payload));
        EXPECT_EQ(verdict(generic_text(typed.value().raw)), "yes");
    }
}

constexpr std::array with_s = {SignatureScheme::Secp256k1, SignatureScheme::P256};

TEST_F(Authentication, HighSIsTakenOnP256Only) {
    for (const SecretKey& baker : world.bakers) {
        if (std::ranges::count(with_s, baker.scheme()) == 0) continue;
        const auto low = tezos::parse_signature(authentication(baker, key.hash, payload)).value();
        const auto high = twin_of(baker.scheme(), low.raw);
        const std::string expected =
            baker.scheme() == SignatureScheme::P256 ? "yes" : "authentication_invalid";
        EXPECT_EQ(verdict(tezos::to_text(baker.scheme(), high)), expected);
        EXPECT_EQ(verdict(generic_text(high)), expected);
    }
}

TEST_F(Authentication, AKindThatDoesNotFitTheKeyIsInvalid) {
    const auto right =
        tezos::parse_signature(authentication(world.bakers.front(), key.hash, payload)).value();
    EXPECT_EQ(verdict(tezos::to_text(SignatureScheme::P256, right.raw)), "authentication_invalid");
    EXPECT_EQ(verdict(tezos::to_text(SignatureScheme::Ed25519, right.raw)),
              "authentication_invalid");
    EXPECT_EQ(verdict(tezos::to_text(SignatureScheme::Bls12381, right.raw)),
              "authentication_invalid");
}

/// By the tz4 authorized key, over what it should not be over.
TEST_F(Authentication, ATz4KeySignsTheMessageItself) {
    const SecretKey& baker = world.bakers.back();
    ASSERT_EQ(baker.scheme(), SignatureScheme::Bls12381);
    const Bytes message = tezos::authentication_message(key.hash, payload);
    const auto verdict_over = [&](ByteView bytes) {
        return verdict(tezos::to_text(baker.scheme(), baker.sign(crypto::message_of(bytes))));
    };
    EXPECT_EQ(verdict_over(message), "yes");
    EXPECT_EQ(verdict_over(crypto::blake2b_256(message)), "authentication_invalid");
    EXPECT_EQ(verdict_over(payload), "authentication_invalid");
    Bytes augmented = baker.named().public_key.encoded();
    append(augmented, message);
    EXPECT_EQ(verdict_over(augmented), "authentication_invalid");
}

}  // namespace
}  // namespace redoubt::test
