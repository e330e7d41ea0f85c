// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/ssz.hpp>

#include <gtest/gtest.h>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::ethereum::ssz {
namespace {

Root leaf(Byte value) {
    Root root{};
    root.fill(value);
    return root;
}

/// The definition, by itself: a node is the hash of its two.
Root node(const Root& left, const Root& right) {
    Bytes both(left.begin(), left.end());
    append(both, right);
    return crypto::sha256(both);
}

TEST(Ssz, TreesAreFilledUpWithZeros) {
    const Root zero{};
    EXPECT_EQ(merkleize({}, 0), zero);
    EXPECT_EQ(merkleize({}, 1), zero);
    EXPECT_EQ(merkleize({leaf(1)}, 1), leaf(1));
    EXPECT_EQ(merkleize({}, 2), node(zero, zero));
    EXPECT_EQ(merkleize({leaf(1)}, 2), node(leaf(1), zero));
    EXPECT_EQ(merkleize({leaf(1), leaf(2), leaf(3)}, 3),
              node(node(leaf(1), leaf(2)), node(leaf(3), zero)));
    EXPECT_EQ(merkleize({leaf(1), leaf(2), leaf(3)}, 5),
              node(node(node(leaf(1), leaf(2)), node(leaf(3), zero)),
                   node(node(zero, zero), node(zero, zero))));
    EXPECT_THROW(static_cast<void>(merkleize({leaf(1), leaf(2)}, 1)), std::length_error);
}

TEST(Ssz, NumbersAreLittleEndian) {
    EXPECT_EQ(to_hex(number(0x0102030405060708)),
              "0807060504030201000000000000000000000000000000000000000000000000");
    EXPECT_EQ(number(~0ULL)[8], 0);
    EXPECT_EQ(boolean(false), Root{});
    EXPECT_EQ(boolean(true), number(1));
}

TEST(Ssz, BytesFillLeaves) {
    EXPECT_EQ(bytes(ByteArray<4>{1, 2, 3, 4}), number(0x04030201));
    const Bytes key(48, 7);
    Root rest{};
    std::fill_n(rest.begin(), 16, Byte{7});
    EXPECT_EQ(bytes(key), node(leaf(7), rest));
    EXPECT_EQ(bytes(Bytes(96, 7)), node(node(leaf(7), leaf(7)), node(leaf(7), Root{})));
}

TEST(Ssz, ContainersAreTreesOfTheirFields) {
    EXPECT_EQ(container({leaf(1)}), leaf(1));
    EXPECT_EQ(container({leaf(1), leaf(2), leaf(3)}),
              node(node(leaf(1), leaf(2)), node(leaf(3), Root{})));
}

TEST(Ssz, ListsAreMixedWithTheirLength) {
    EXPECT_EQ(list({leaf(1)}, 2, 9), node(node(leaf(1), Root{}), number(9)));
    EXPECT_EQ(list({}, 1, 0), node(Root{}, Root{}));
}

Root root_of_bits(const Bytes& serialized, std::size_t limit) {
    return BitList::parse(serialized, limit).value().root();
}

TEST(Ssz, BitListsEndWithABit) {
    EXPECT_EQ(root_of_bits({0x01}, 8), node(Root{}, number(0))) << "no bits";
    EXPECT_EQ(root_of_bits({0x0d}, 8), node(number(5), number(3))) << "101";
    EXPECT_EQ(root_of_bits({0xff, 0x01}, 8), node(number(0xff), number(8)));
    EXPECT_EQ(root_of_bits({0x00, 0x02}, 512), node(node(Root{}, Root{}), number(9)));
    const Bytes full = [] {
        Bytes bits(33, 0xff);
        bits.back() = 1;
        return bits;
    }();
    EXPECT_EQ(root_of_bits(full, 256), node(leaf(0xff), number(256)));
    EXPECT_EQ(root_of_bits(full, 257), node(node(leaf(0xff), Root{}), number(256)));
}

TEST(Ssz, BitListsWithoutEndOrAboveTheirLimitAreRefused) {
    EXPECT_FALSE(BitList::parse({}, 8).has_value());
    EXPECT_FALSE(BitList::parse(Bytes{0x00}, 8).has_value());
    EXPECT_FALSE(BitList::parse(Bytes{0x01, 0x00}, 16).has_value());
    EXPECT_TRUE(BitList::parse(Bytes{0xff, 0x01}, 8).has_value());
    EXPECT_FALSE(BitList::parse(Bytes{0xff, 0x02}, 8).has_value());
    EXPECT_EQ(BitList::parse(Bytes{0xff, 0x02}, 9).value().size(), 9U);
}

}  // namespace
}  // namespace redoubt::ethereum::ssz
