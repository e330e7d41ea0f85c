// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/shares.hpp>

#include <algorithm>

#include <redoubt/base/random.hpp>

#include "field.hpp"
#include "parts.hpp"

namespace redoubt::sealed {
namespace {

/// The weight of the share at `own` in the value at `x` (Lagrange): the product of
/// (x - other) / (own - other). Places are no secrets.
Byte weight(Byte x, Byte own, std::span<const Share* const> shares) {
    Byte product = 1;
    for (const Share* share : shares) {
        const auto other = static_cast<Byte>(share->x);
        if (other == own) continue;
        product = field::multiply(product, x ^ other);
        product = field::multiply(product, field::inverse(own ^ other));
    }
    return product;
}

void add_multiple(std::span<Byte> sum, Byte factor, ByteView bytes) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] ^= field::multiply(bytes[i], factor);
}

/// By Horner, from the highest power down to the key itself.
GuardedBytes value_of_polynomials(Byte x, ByteView coefficients, ByteView key) {
    GuardedBytes value(key.size());
    const auto step = [&](ByteView next) {
        for (std::size_t i = 0; i < key.size(); ++i) {
            value.bytes()[i] = field::multiply(value.view()[i], x) ^ next[i];
        }
    };
    for (std::size_t at = coefficients.size(); at > 0; at -= key.size()) {
        step(coefficients.subspan(at - key.size(), key.size()));
    }
    step(key);
    return value;
}

}  // namespace

std::vector<Share> split_by(ByteView coefficients, const WrapKey& key, unsigned n) {
    std::vector<Share> shares;
    for (unsigned x = 1; x <= n; ++x) {
        shares.push_back(
            {x, value_of_polynomials(static_cast<Byte>(x), coefficients, KeyAccess::bytes(key))});
    }
    return shares;
}

GuardedBytes value_at(unsigned x, std::span<const Share* const> shares) {
    GuardedBytes value(shares.front()->bytes.size());
    for (const Share* share : shares) {
        const Byte factor = weight(static_cast<Byte>(x), static_cast<Byte>(share->x), shares);
        add_multiple(value.bytes(), factor, share->bytes.view());
    }
    return value;
}

Result<std::vector<Share>> split(const WrapKey& key, unsigned threshold, unsigned n) {
    if (threshold < 1 || threshold > n || n > most_shares) {
        return fail(Code::BadRequest, "a wrap has 1 to " + std::to_string(most_shares) +
                                          " shares, and a threshold from 1 to their number");
    }
    GuardedBytes coefficients((threshold - 1) * WrapKey::size);
    fill_with_random(coefficients.bytes());
    return split_by(coefficients.view(), key, n);
}

}  // namespace redoubt::sealed
