// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include <redoubt/base/json.hpp>
#include <redoubt/crypto/bls.hpp>

#include "equipment.hpp"

/// tests/vectors/sealed.json: one wrap and one secret, made by two independent implementations.
namespace redoubt::sealed::test {
namespace {

const Json& fixed_case() {
    static const Json document = [] {
        std::ifstream file(REDOUBT_VECTORS "/sealed.json");
        return parse_json(std::string(std::istreambuf_iterator<char>(file), {})).value();
    }();
    return document;
}

Bytes hex(std::string_view section, std::string_view name) {
    return from_hex(fixed_case().at(section).at(name).get<std::string>()).value();
}

WrapId id() { return WrapId::parse(to_hex(hex("wrap", "id"))).value(); }
WrapKey key() { return derived(hex("wrap", "ikm")); }

TEST(SealedVector, AWrapIsDerivedAndChecked) {
    EXPECT_EQ(shown(key()), to_hex(hex("wrap", "K")));
    EXPECT_EQ(to_hex(key().check(id())), to_hex(hex("wrap", "check")));
}

TEST(SealedVector, SharesAreTheFilesAndAnyTwoOpen) {
    const Json& expected = fixed_case().at("shares").at("y");
    const auto shares = split_by(hex("shares", "coefficient"), key(), 3);
    ASSERT_EQ(shares.size(), expected.size());
    Wrap wrap;
    wrap.id = id();
    wrap.threshold = 2;
    std::ranges::copy(hex("wrap", "check"), wrap.check.begin());
    for (const Share& share : shares) {
        EXPECT_EQ(expected.at(std::to_string(share.x)), shown(share.bytes));
        wrap.shares.push_back({"key " + std::to_string(share.x), share.x, {}});
    }
    for (std::size_t missing = 0; missing < 3; ++missing) {
        auto arrived = all_arrived(shares);
        arrived[missing] = fail(Code::KmsUnavailable, "no answer");
        const auto opened = open(wrap, std::move(arrived));
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ(shown(opened->key), to_hex(hex("wrap", "K")));
        EXPECT_TRUE(opened->wrong.empty());
    }
}

TEST(SealedVector, TheEnvelopeIsTheFiles) {
    const auto purpose =
        parse_purpose(fixed_case().at("envelope").at("purpose").get<std::string>()).value();
    const Bytes public_key = hex("envelope", "public_key");
    const Bytes secret = hex("envelope", "secret_big_endian");
    Nonce nonce{};
    std::ranges::copy(hex("envelope", "nonce"), nonce.begin());
    const Bytes sealed = seal_by(nonce, key(), id(), purpose, public_key, secret);
    EXPECT_EQ(to_hex(sealed), to_hex(hex("envelope", "sealed")));
    const auto opened = unseal(key(), id(), purpose, public_key, sealed);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(shown(*opened), to_hex(secret));
}

TEST(SealedVector, TheSecretSignsAsTheFileSays) {
    using crypto::bls::Domain;
    const auto secret = crypto::bls::SecretKey::parse(hex("envelope", "secret_big_endian")).value();
    const Bytes public_key = secret.public_key().encoded();
    EXPECT_EQ(to_hex(public_key), to_hex(hex("envelope", "public_key")));
    const auto signed_text = [&](ByteView message, Domain domain) {
        const auto signature = secret.sign(message, domain);
        return to_hex({signature.data(), signature.size()});
    };
    EXPECT_EQ(signed_text({}, Domain::Message), to_hex(hex("bls", "signature_of_empty_message")));
    EXPECT_EQ(signed_text(public_key, Domain::Possession),
              to_hex(hex("bls", "proof_of_possession")));
}

}  // namespace
}  // namespace redoubt::sealed::test
