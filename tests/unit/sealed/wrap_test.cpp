// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/wrap.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <type_traits>

#include "../base/system_calls.hpp"
#include "equipment.hpp"

namespace redoubt::sealed::test {
namespace {

static_assert(!std::is_copy_constructible_v<WrapKey>);
static_assert(!std::is_constructible_v<WrapKey, GuardedBytes>, "only what was derived is one");
static_assert(std::is_nothrow_move_constructible_v<WrapKey>);

TEST(WrapId, HasOneSpelling) {
    const std::string text = "00ff102030405060708090a0b0c0d0ef";
    const auto id = WrapId::parse(text);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->text(), text);
    EXPECT_EQ(id->bytes[1], 0xff);
    for (const std::string& other :
         {std::string(), text.substr(2), text + "00", text.substr(1), " " + text.substr(1),
          std::string("00FF102030405060708090A0B0C0D0EF"), "g" + text.substr(1)}) {
        EXPECT_FALSE(WrapId::parse(other)) << other;
    }
}

TEST(WrapId, IsAnotherEachTime) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const WrapId id = WrapId::make();
        EXPECT_TRUE(seen.insert(id.text()).second);
        EXPECT_EQ(WrapId::parse(id.text()), id);
    }
}

TEST(WrapId, OfAKeyIsWhatTheDocsSay) {
    Bytes key(48);
    std::ranges::generate(key, [next = Byte{0}]() mutable { return next++; });
    EXPECT_EQ(WrapId::made_for(key).text(), "41373ef40b3c7001aebc69927685a776");
    key.back() ^= 1U;
    EXPECT_NE(WrapId::made_for(key).text(), "41373ef40b3c7001aebc69927685a776");
}

TEST(Purpose, HasItsName) {
    EXPECT_EQ(name(Purpose::TezosConsensus), "tezos-consensus");
    EXPECT_EQ(name(Purpose::EthereumValidator), "ethereum-validator");
    EXPECT_EQ(parse_purpose("tezos-consensus"), Purpose::TezosConsensus);
    EXPECT_EQ(parse_purpose("ethereum-validator"), Purpose::EthereumValidator);
    for (const auto* other : {"", "tezos", "Tezos-consensus", "tezos-consensus "}) {
        EXPECT_FALSE(parse_purpose(other)) << other;
    }
}

TEST(ShareContext, NamesWrapPlaceAndPurpose) {
    const auto id = WrapId::parse("000102030405060708090a0b0c0d0e0f").value();
    EXPECT_EQ(share_context(id, 2, 3, Purpose::EthereumValidator),
              (Context{{"redoubt:wrap", "000102030405060708090a0b0c0d0e0f"},
                       {"redoubt:share", "2/3"},
                       {"redoubt:purpose", "ethereum-validator"}}));
}

TEST(WrapKey, IsAnotherEachTimeThoughKmsSaysTheSame) {
    const Bytes of_kms(32, 7);
    EXPECT_NE(shown(WrapKey::make(of_kms)), shown(WrapKey::make(of_kms)));
}

/// Of both sources, in their order.
TEST(WrapKey, IsMadeOfTheKernelsBytesAndKmss) {
    const Bytes of_kms = redoubt::test::ascending(100, 32);
    Bytes both = redoubt::test::ascending(0, 32);
    append(both, of_kms);
    std::string made;
    redoubt::test::with_random(redoubt::test::ascending_source(),
                               [&] { made = shown(WrapKey::make(of_kms)); });
    EXPECT_EQ(made, shown(derived(both)));
}

/// Either half of what it is derived of counts, to its last bit.
TEST(WrapKey, IsAnotherForEachBitThatItIsMadeOf) {
    Bytes input(64, 7);
    std::set<std::string> keys = {shown(derived(input))};
    for (std::size_t bit = 0; bit < input.size() * 8; ++bit) {
        input[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
        EXPECT_TRUE(keys.insert(shown(derived(input))).second);
    }
}

TEST(WrapKey, TakesJust32BytesOfKms) {
    for (const std::size_t size : {0U, 16U, 31U, 33U, 64U}) {
        EXPECT_THROW(static_cast<void>(WrapKey::make(Bytes(size))), std::logic_error) << size;
    }
}

TEST(WrapKey, HasACheckOfItsOwnForEachName) {
    const WrapKey key = random_key();
    const WrapId id = WrapId::make();
    EXPECT_EQ(key.check(id), key.check(id));
    EXPECT_NE(key.check(id), key.check(WrapId::make()));
    EXPECT_NE(key.check(id), random_key().check(id));
}

}  // namespace
}  // namespace redoubt::sealed::test
