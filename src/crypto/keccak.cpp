// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/keccak.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

// FIPS 202, 3.2 and 4; here the padding is 01, then zeros, then the block's last bit.
namespace redoubt::crypto {
namespace {

using State = std::array<std::uint64_t, 25>;  // the lane at (x, y) is number x + 5 y

constexpr std::size_t rate = 136;  // bytes of a block, for 256 bits
constexpr std::size_t rounds = 24;

/// FIPS 202, 3.2.5: bits of a linear-feedback shift register.
consteval std::array<std::uint64_t, rounds> round_constants() {
    std::array<std::uint64_t, rounds> constants{};
    unsigned lfsr = 1;
    for (std::uint64_t& constant : constants) {
        for (unsigned j = 0; j < 7; ++j) {
            if ((lfsr & 1U) != 0) constant |= std::uint64_t{1} << ((1U << j) - 1);
            lfsr = (lfsr << 1U) ^ ((lfsr >> 7U) * 0x171U);
        }
    }
    return constants;
}

void mix_columns(State& a) {  // theta
    std::array<std::uint64_t, 5> parity{};
    for (std::size_t i = 0; i < 25; ++i) parity[i % 5] ^= a[i];
    for (std::size_t i = 0; i < 25; ++i) {
        a[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
    }
}

void rotate_and_move(State& a) {  // rho and pi
    std::size_t x = 1, y = 0;
    std::uint64_t moved = a[1];
    for (int t = 0; t < 24; ++t) {
        const std::size_t next = (2 * x + 3 * y) % 5;
        x = y;
        y = next;
        const std::uint64_t rotated = std::rotl(moved, (t + 1) * (t + 2) / 2 % 64);
        moved = std::exchange(a[x + 5 * y], rotated);
    }
}

void combine_rows(State& a) {  // chi
    for (std::size_t y = 0; y < 25; y += 5) {
        std::array<std::uint64_t, 5> row{};
        std::copy_n(a.begin() + static_cast<std::ptrdiff_t>(y), 5, row.begin());
        for (std::size_t x = 0; x < 5; ++x) {
            a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
    }
}

void absorb(State& state, const ByteArray<rate>& block) {
    static constexpr auto constants = round_constants();
    for (std::size_t i = 0; i < rate; ++i) {
        state[i / 8] ^= static_cast<std::uint64_t>(block[i]) << (8 * (i % 8));
    }
    for (std::uint64_t constant : constants) {
        mix_columns(state);
        rotate_and_move(state);
        combine_rows(state);
        state[0] ^= constant;
    }
}

}  // namespace

ByteArray<32> keccak_256(ByteView message) {
    State state{};
    ByteArray<rate> block{};
    for (; message.size() >= rate; message = message.subspan(rate)) {
        std::ranges::copy(message.first(rate), block.begin());
        absorb(state, block);
    }
    block.fill(0);
    std::ranges::copy(message, block.begin());
    block[message.size()] = 0x01;
    block.back() = static_cast<Byte>(block.back() + 0x80U);
    absorb(state, block);
    ByteArray<32> hash{};
    for (std::size_t i = 0; i < hash.size(); ++i) {
        hash[i] = static_cast<Byte>(state[i / 8] >> (8 * (i % 8)));
    }
    return hash;
}

}  // namespace redoubt::crypto
