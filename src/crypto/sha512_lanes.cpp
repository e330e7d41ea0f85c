// SPDX-License-Identifier: Apache-2.0
#include "sha512_lanes.hpp"

#include <stdexcept>

// FIPS 180-4, 6.4, on vectors of a word of each lane. Only what is inlined is called where a
// function is compiled for another processor: the linker must not take it for everybody's.
namespace redoubt::crypto {

#if defined(__x86_64__)

namespace {

using Vector __attribute__((vector_size(8 * sha512_lanes), may_alias)) = std::uint64_t;

/// FIPS 180-4, 4.2.3: of the cube roots of the first 80 primes, what is behind the point.
constexpr std::uint64_t constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

[[gnu::always_inline, gnu::target("avx2")]] inline Vector turned(Vector x, std::uint64_t by) {
    return x >> by | x << (64 - by);
}

/// Goes on from `begun` with a block, which is used up.
[[gnu::always_inline, gnu::target("avx2")]] inline void compress(const Vector* begun, Vector* block,
                                                                 Vector* hash) {
    Vector a = begun[0], b = begun[1], c = begun[2], d = begun[3];
    Vector e = begun[4], f = begun[5], g = begun[6], h = begun[7];
    for (unsigned at = 0; at < 80; at += 16) {
#pragma GCC unroll 16
        for (unsigned i = 0; i < 16; ++i) {
            if (at != 0) {
                const Vector early = block[(i + 1) % 16], late = block[(i + 14) % 16];
                block[i] += (turned(early, 1) ^ turned(early, 8) ^ early >> 7) +
                            block[(i + 9) % 16] + (turned(late, 19) ^ turned(late, 61) ^ late >> 6);
            }
            const Vector one = h + (turned(e, 14) ^ turned(e, 18) ^ turned(e, 41)) +
                               (((f ^ g) & e) ^ g) + constants[at + i] + block[i];
            const Vector two =
                (turned(a, 28) ^ turned(a, 34) ^ turned(a, 39)) + ((a & b) | (c & (a | b)));
            h = g, g = f, f = e, e = d + one;
            d = c, c = b, b = a, a = one + two;
        }
    }
    const Vector done[8] = {a, b, c, d, e, f, g, h};
    for (unsigned i = 0; i < 8; ++i) hash[i] = begun[i] + done[i];
}

/// Of a message that is a hash, behind a block of the key: 1,536 bits, padded to another block.
[[gnu::always_inline, gnu::target("avx2")]] inline void hash_on(const Vector* begun, Vector* hash) {
    Vector block[16] = {};
    for (unsigned i = 0; i < 8; ++i) block[i] = hash[i];
    block[8] += std::uint64_t{1} << 63U;
    block[15] += std::uint64_t{1536};
    compress(begun, block, hash);
}

[[gnu::always_inline, gnu::target("avx2")]] inline void go_on(HmacLanes& lanes,
                                                              std::uint32_t times) {
    const auto* const inner = reinterpret_cast<const Vector*>(&lanes.inner);
    const auto* const outer = reinterpret_cast<const Vector*>(&lanes.outer);
    auto* const hash = reinterpret_cast<Vector*>(&lanes.hash);
    auto* const sum = reinterpret_cast<Vector*>(&lanes.sum);
    for (std::uint32_t time = 0; time < times; ++time) {
        hash_on(inner, hash);
        hash_on(outer, hash);
        for (unsigned i = 0; i < 8; ++i) sum[i] ^= hash[i];
    }
}

[[gnu::target("avx2")]] void with_avx2(HmacLanes& lanes, std::uint32_t times) {
    go_on(lanes, times);
}

/// It turns a vector by one instruction instead of three.
[[gnu::target("avx2,avx512f,avx512vl")]] void with_avx512(HmacLanes& lanes, std::uint32_t times) {
    go_on(lanes, times);
}

}  // namespace

bool has_sha512_lanes() { return __builtin_cpu_supports("avx2") != 0; }

void hash_lanes(HmacLanes& lanes, std::uint32_t times) {
    if (__builtin_cpu_supports("avx512vl") != 0) {
        with_avx512(lanes, times);
    } else if (has_sha512_lanes()) {
        with_avx2(lanes, times);
    } else {
        throw std::logic_error("this processor has no vectors for SHA-512");
    }
}

#else

bool has_sha512_lanes() { return false; }

void hash_lanes(HmacLanes& /*lanes*/, std::uint32_t /*times*/) {
    throw std::logic_error("this processor has no vectors for SHA-512");
}

#endif

}  // namespace redoubt::crypto
