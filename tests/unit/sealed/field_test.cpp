// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sealed/field.hpp>

namespace redoubt::sealed::test {
namespace {

/// As by hand: the product of two polynomials, then the remainder by 0x11b.
Byte by_hand(unsigned a, unsigned b) {
    unsigned product = 0;
    for (unsigned bit = 0; bit < 8; ++bit) {
        if ((b >> bit & 1U) != 0) product ^= a << bit;
    }
    for (unsigned bit = 14; bit >= 8; --bit) {
        if ((product >> bit & 1U) != 0) product ^= 0x11bU << (bit - 8);
    }
    return static_cast<Byte>(product);
}

TEST(Field, MultipliesAllPairsAsByHand) {
    for (unsigned a = 0; a < 256; ++a) {
        for (unsigned b = 0; b < 256; ++b) {
            ASSERT_EQ(field::multiply(static_cast<Byte>(a), static_cast<Byte>(b)), by_hand(a, b))
                << a << " * " << b;
        }
    }
    EXPECT_EQ(field::multiply(0x57, 0x83), 0xc1);  // FIPS 197, 4.2
}

TEST(Field, InvertsAllButZero) {
    for (unsigned a = 1; a < 256; ++a) {
        const auto value = static_cast<Byte>(a);
        ASSERT_EQ(field::multiply(value, field::inverse(value)), 1) << a;
    }
    EXPECT_EQ(field::inverse(0), 0);
}

}  // namespace
}  // namespace redoubt::sealed::test
