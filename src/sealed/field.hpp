// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/bytes.hpp>

/// GF(2^8) with the polynomial 0x11b, that of AES. Addition is exclusive or. No table and no branch
/// depends on a value, so the time taken says nothing of it.
namespace redoubt::sealed::field {

[[nodiscard]] constexpr Byte multiply(Byte a, Byte b) {
    unsigned product = 0;
    unsigned shifted = a;
    for (unsigned bit = 0; bit < 8; ++bit) {
        product ^= shifted & (0U - ((unsigned{b} >> bit) & 1U));
        shifted = (shifted << 1U) ^ (0x11bU & (0U - (shifted >> 7U)));
    }
    return static_cast<Byte>(product);
}

/// 1 / a; 0 of 0. By Fermat: a^254, the product of a^2, a^4, ... a^128.
[[nodiscard]] constexpr Byte inverse(Byte a) {
    Byte power = a;
    Byte product = 1;
    for (unsigned bit = 1; bit < 8; ++bit) {
        power = multiply(power, power);
        product = multiply(product, power);
    }
    return product;
}

}  // namespace redoubt::sealed::field
