// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/types.hpp>

#include <gtest/gtest.h>

namespace redoubt::ethereum {
namespace {

TEST(EthereumNumbers, HaveOneSpelling) {
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("10"), 10U);
    EXPECT_EQ(parse_number("18446744073709551615"), ~0ULL);
    for (const auto* const text : {"", " 1", "1 ", "+1", "-1", "01", "00", "1.0", "1e3", "0x1",
                                   "18446744073709551616", "99999999999999999999999"}) {
        EXPECT_EQ(parse_number(text), std::nullopt) << text;
    }
}

TEST(EthereumBytes, HavePrefixAndTheirLength) {
    EXPECT_EQ(parse_prefixed_hex<2>("0x0aFf"), (ByteArray<2>{0x0a, 0xff}));
    EXPECT_EQ(prefixed_hex(ByteArray<2>{0x0a, 0xff}), "0x0aff");
    for (const auto* const text :
         {"", "0x", "0aff", "0X0aff", "0x0af", "0x0aff0", "0x0aff00", "0x0afg", "x0aff0"}) {
        EXPECT_EQ(parse_prefixed_hex<2>(text), std::nullopt) << text;
    }
}

TEST(EthereumPublicKey, IsReadWithAndWithoutPrefix) {
    const std::string digits = std::string(48, 'a') + std::string(48, '1');
    const PublicKey key = PublicKey::parse(digits).value();
    EXPECT_EQ(key.bytes.front(), 0xaa);
    EXPECT_EQ(key.bytes.back(), 0x11);
    EXPECT_EQ(key.text(), "0x" + digits);
    EXPECT_EQ(PublicKey::parse("0x" + digits), key);
    EXPECT_EQ(PublicKey::parse(std::string(48, 'A') + std::string(48, '1')), key);
    for (const std::string& text : {std::string(), "0x" + digits + "11", digits.substr(2),
                                    "0x0x" + digits, "0X" + digits, digits.substr(1) + "g"}) {
        EXPECT_EQ(PublicKey::parse(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace redoubt::ethereum
