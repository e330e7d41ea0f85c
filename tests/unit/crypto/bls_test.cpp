// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/bls.hpp>

#include <blst.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <redoubt/base/encoding.hpp>

#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using crypto::HighS;
using crypto::bls::Domain;
using Bls = crypto::bls::SecretKey;

const std::string group_order = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";

Bytes of_hex(const std::string& hex) { return from_hex(hex).value(); }

Bls bls_key(Byte first) {
    Bytes scalar(32, 0x11);
    scalar.front() = first;
    return Bls::parse(scalar).value();
}

bool verifies(const crypto::PublicKey& key, ByteView bytes, const crypto::RawSignature& signature) {
    return key.verify(crypto::message_of(bytes), signature, HighS::Refused);
}

TEST(BlsSecretKey, IsAboveZeroAndBelowTheOrder) {
    const std::string zeros(62, '0');
    for (const std::string& right : {zeros + "01", std::string(group_order).replace(63, 1, "0")}) {
        const auto key = Bls::parse(of_hex(right));
        ASSERT_TRUE(key.has_value()) << right;
        EXPECT_EQ(to_hex(key->big_endian()), right);
    }
    for (const std::string& wrong :
         {zeros + "00", group_order, std::string(group_order).replace(63, 1, "2"),
          std::string(64, 'f'), zeros, zeros + "0001", std::string()}) {
        EXPECT_FALSE(Bls::parse(of_hex(wrong)).has_value()) << wrong;
    }
    // The key of the scalar 1 is the generator.
    EXPECT_EQ(to_hex(Bls::parse(of_hex(zeros + "01"))->public_key().encoded()).substr(0, 16),
              "97f1d3a73197d794");
}

/// EIP-2333's first test case, whose master key is the draft's KeyGen.
TEST(BlsSecretKey, IsGeneratedAsTheDraftSays) {
    const Bytes seed = of_hex(
        "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f"
        "2c"
        "f141630c7a3c4ab7c81b2f001698e7463b04");
    EXPECT_EQ(to_hex(Bls::generate(seed).big_endian()),
              "0d7359d57963ab8fbbde1852dcf553fedbc31f464d80ee7d40ae683122b45070");
    EXPECT_THROW(static_cast<void>(Bls::generate(ByteView(seed).first(31))), std::logic_error);
}

/// The same test case; more are in tests/vectors/ethereum/keys.json.
TEST(BlsSecretKey, HasChildrenAsEip2333Says) {
    const Bls parent =
        Bls::parse(of_hex("0d7359d57963ab8fbbde1852dcf553fedbc31f464d80ee7d40ae683122b45070"))
            .value();
    EXPECT_EQ(to_hex(parent.child(0).big_endian()),
              "2d18bd6c14e6d15bf8b5085c9b74f3daae3b03cc2014770a599d8c1539e50f8e");
    EXPECT_NE(to_hex(parent.child(1).big_endian()), to_hex(parent.child(256).big_endian()));
}

TEST(BlsSignature, IsOfOneKeyMessageAndDomain) {
    const Bls key = bls_key(0x21), stranger = bls_key(0x22);
    const Bytes right = of_hex("1122"), wrong = of_hex("1123");
    const auto signature = key.sign(right, Domain::Message);
    EXPECT_TRUE(verifies(key.public_key(), right, signature));
    EXPECT_FALSE(verifies(key.public_key(), wrong, signature));
    EXPECT_FALSE(verifies(stranger.public_key(), right, signature));
    EXPECT_FALSE(verifies(key.public_key(), right, key.sign(right, Domain::Possession)));
    EXPECT_EQ(key.sign(right, Domain::Message), signature) << "there is only one";
}

TEST(BlsPossession, IsProvedByOneKeyOfOne) {
    const Bls key = bls_key(0x21), companion = bls_key(0x22);
    const auto own = key.public_key(), other = companion.public_key();
    const auto proof = key.sign(own.encoded(), Domain::Possession);
    const auto vouched = key.sign(other.encoded(), Domain::Possession);
    EXPECT_TRUE(crypto::bls::verify_possession(own, own, proof));
    EXPECT_TRUE(crypto::bls::verify_possession(own, other, vouched));
    EXPECT_FALSE(crypto::bls::verify_possession(own, other, proof));
    EXPECT_FALSE(crypto::bls::verify_possession(other, own, proof));
    EXPECT_FALSE(
        crypto::bls::verify_possession(own, own, key.sign(own.encoded(), Domain::Message)));
    const auto tz2 = SecretKey(crypto::SignatureScheme::Secp256k1, {0x11}).named().public_key;
    EXPECT_FALSE(crypto::bls::verify_possession(tz2, own, proof));
    EXPECT_FALSE(crypto::bls::verify_possession(own, tz2, proof));
}

crypto::RawSignature compressed(const blst_p2& point) {
    ByteArray<96> bytes{};
    blst_p2_compress(bytes.data(), &point);
    return bytes;
}

/// A point of the curve that the group order does not take to infinity, times that order: nothing
/// of it is in the subgroup.
blst_p2 outside_of_the_subgroup() {
    ByteArray<96> encoded{0x80};
    blst_p2_affine found;
    do ++encoded.back();
    while (blst_p2_uncompress(&found, encoded.data()) != BLST_SUCCESS);
    blst_p2 point;
    blst_p2_from_affine(&point, &found);
    Bytes order = of_hex(group_order);
    std::ranges::reverse(order);
    blst_p2_mult(&point, &point, order.data(), 255);
    EXPECT_FALSE(blst_p2_is_inf(&point));
    EXPECT_FALSE(blst_p2_in_g2(&point));
    return point;
}

/// The sum of a signature and of such a point.
crypto::RawSignature with_a_part_outside(const crypto::RawSignature& right) {
    blst_p2_affine affine;
    EXPECT_EQ(blst_p2_uncompress(&affine, right.data()), BLST_SUCCESS);
    blst_p2 sum = outside_of_the_subgroup();
    blst_p2_add_or_double_affine(&sum, &sum, &affine);
    EXPECT_NE(compressed(sum), right);
    return compressed(sum);
}

/// It would be another text for the same signature's part in the subgroup, so another block hash.
TEST(BlsSignature, OutsideOfTheSubgroupIsNone) {
    const Bls key = bls_key(0x21);
    const Bytes message = of_hex("1122");
    const auto other = with_a_part_outside(key.sign(message, Domain::Message));
    EXPECT_FALSE(verifies(key.public_key(), message, other));
}

/// Of three keys, each right.
struct Signed {
    std::vector<crypto::PublicKey> keys;
    std::vector<Bytes> messages;
    std::vector<crypto::RawSignature> signatures;

    Signed() {
        for (const Byte first : {Byte{0x21}, Byte{0x22}, Byte{0x23}}) {
            const Bls key = bls_key(first);
            keys.push_back(key.public_key());
            messages.push_back({first});
            signatures.push_back(key.sign(messages.back(), Domain::Message));
        }
    }
    [[nodiscard]] bool verify() const {
        std::vector<crypto::bls::Claim> claims;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            claims.push_back({keys[i], messages[i], signatures[i]});
        }
        return crypto::bls::verify_all(claims);
    }
};

TEST(BlsSignature, AllAreRightOrNotAll) {
    EXPECT_TRUE(crypto::bls::verify_all({}));
    const Signed right;
    EXPECT_TRUE(right.verify());
    for (std::size_t i = 0; i < right.keys.size(); ++i) {
        Signed wrong = right;
        wrong.messages[i].push_back(0);
        EXPECT_FALSE(wrong.verify()) << i;
        wrong = right;
        wrong.keys[i] = bls_key(0x24).public_key();
        EXPECT_FALSE(wrong.verify()) << i;
        wrong = right;
        wrong.signatures[i] = bls_key(0x21).sign(right.messages[i], Domain::Possession);
        EXPECT_FALSE(wrong.verify()) << i;
        wrong.signatures[i] = with_a_part_outside(right.signatures[i]);
        EXPECT_FALSE(wrong.verify()) << i;
        wrong.signatures[i] = {};
        EXPECT_FALSE(wrong.verify()) << i;
        wrong = right;
        wrong.keys[i] = SecretKey(crypto::SignatureScheme::Secp256k1, {0x11}).named().public_key;
        EXPECT_FALSE(wrong.verify()) << i;
    }
    // Their sum is the right one's.
    Signed swapped = right;
    std::swap(swapped.signatures[0], swapped.signatures[2]);
    EXPECT_FALSE(swapped.verify());
}

TEST(BlsPublicKey, IsTheOneThatItsBytesSay) {
    const Bls key = bls_key(0x21);
    const auto parsed =
        crypto::PublicKey::parse(crypto::SignatureScheme::Bls12381, key.public_key().encoded());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, key.public_key());
    const auto signature = key.sign(Bytes{1}, Domain::Message);
    EXPECT_TRUE(verifies(*parsed, Bytes{1}, signature));
    EXPECT_TRUE(verifies(key.public_key(), Bytes{1}, signature));
}

TEST(BlsSignature, InfinityAndOtherSpellingsAreNone) {
    const Bls key = bls_key(0x21);
    const Bytes message = of_hex("1122");
    crypto::RawSignature infinity = ByteArray<96>{0xc0};
    EXPECT_FALSE(verifies(key.public_key(), message, infinity));
    const auto right = key.sign(message, Domain::Message);
    for (const unsigned flags : {0x20U, 0x40U, 0x80U, 0xc0U, 0xe0U}) {
        auto wrong = right;
        *wrong.begin() = static_cast<Byte>(*wrong.begin() ^ flags);
        EXPECT_FALSE(verifies(key.public_key(), message, wrong)) << flags;
    }
}

/// What lies below the caller's frame, where the functions that it called had theirs.
[[gnu::noinline]] Bytes stack_below() {
    constexpr std::size_t depth = std::size_t{96} * 1024, page = 4096;
    Bytes left(depth);
    const auto top = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) & ~(page - 1);
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    for (std::size_t at = 0; at < depth; at += page) {
        // Not yet mapped, if it fails.
        static_cast<void>(
            pread(memory, left.data() + at, page, static_cast<off_t>(top - depth + at)));
    }
    close(memory);
    return left;
}

/// How many of the scalar's words, in either byte order, are in there.
std::size_t words_found(ByteView memory, ByteView scalar) {
    std::size_t found = 0;
    for (const bool is_little : {false, true}) {
        Bytes order(scalar.begin(), scalar.end());
        if (is_little) std::ranges::reverse(order);
        for (std::size_t at = 0; at < order.size(); at += 8) {
            if (!std::ranges::search(memory, ByteView(order).subspan(at, 8)).empty()) ++found;
        }
    }
    return found;
}

/// In a frame of a page and more, so that what is left lies below that of `stack_below`.
[[gnu::noinline]] void use_deep(const std::function<void()>& use) {
    volatile Byte room[2 * 4096];
    room[0] = 0;
    use();
    room[1] = room[0];
}

TEST(BlsSecretKey, LeavesNothingOnTheStack) {
    const Bytes entropy = of_hex(
        "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f"
        "2c"
        "f141630c7a3c4ab7c81b2f001698e7463b04");
    const Bls key = Bls::generate(entropy);
    const auto left_by = [&](const std::function<void()>& use) {
        use_deep(use);
        const Bytes stack = stack_below();
        return words_found(stack, key.big_endian());
    };
    EXPECT_EQ(left_by([&] { static_cast<void>(key.sign(entropy, Domain::Message)); }), 0U);
    EXPECT_EQ(left_by([&] { static_cast<void>(key.public_key()); }), 0U);
    EXPECT_EQ(left_by([&] { static_cast<void>(Bls::parse(key.big_endian())); }), 0U);
    EXPECT_EQ(left_by([&] { static_cast<void>(Bls::generate(entropy)); }), 0U);
    EXPECT_EQ(left_by([&] { static_cast<void>(key.child(7)); }), 0U);
    // That it would be found.
    EXPECT_GT(left_by([&] {
                  blst_scalar scalar;
                  blst_scalar_from_bendian(&scalar, key.big_endian().data());
                  blst_p2 point = *blst_p2_generator();
                  blst_sign_pk_in_g1(&point, &point, &scalar);
              }),
              0U);
}

}  // namespace
}  // namespace redoubt::test
