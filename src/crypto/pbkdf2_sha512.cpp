// SPDX-License-Identifier: Apache-2.0
// The hash's bare compression, which OpenSSL 3 marks as deprecated and has nothing instead of.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "pbkdf2_sha512.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <redoubt/base/secret.hpp>

#include "sha512_lanes.hpp"

// RFC 8018, 5.2 with RFC 2104's HMAC: both of its hashes begin with a block of the key, which is
// compressed once.
namespace redoubt::crypto {
namespace {

constexpr std::size_t block_size = SHA512_CBLOCK;

/// Of plain bytes; wiped when it goes.
template <class T>
struct Wiped {
    T value{};
    Wiped() = default;
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { wipe({reinterpret_cast<Byte*>(&value), sizeof value}); }
};

using Block = std::array<Byte, block_size>;
using Words = std::array<std::uint64_t, 8>;
constexpr std::size_t hash_size = sizeof(Words);

/// After a block of the key, each byte of it turned by `pad`.
void begin(SHA512_CTX& context, const Block& key, Byte pad) {
    Wiped<Block> padded;
    std::ranges::transform(key, padded.value.begin(),
                           [=](Byte byte) { return static_cast<Byte>(byte ^ pad); });
    SHA512_Init(&context);
    SHA512_Update(&context, padded.value.data(), padded.value.size());
}

/// The key as it is, or its hash if it is longer than a block.
void prepare(ByteView password, Block& key) {
    if (password.size() > key.size()) {
        SHA512(password.data(), password.size(), key.data());
    } else {
        std::ranges::copy(password, key.begin());
    }
}

/// As a hash is written: each word big-endian. Word by word: this is done 4,096 times a key.
void write(const Words& words, Byte* to) {
    static_assert(std::endian::native == std::endian::little);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::uint64_t turned = std::byteswap(words[i]);
        std::memcpy(to + sizeof turned * i, &turned, sizeof turned);
    }
}

/// Goes on from `begun` with the block, whose first half is the last hash, and puts the next there.
void hash_on(const SHA512_CTX& begun, SHA512_CTX& work, Block& block, Words& hash) {
    std::ranges::copy(begun.h, work.h);
    SHA512_Transform(&work, block.data());
    std::ranges::copy(work.h, hash.begin());
    write(hash, block.data());
}

/// A password's part: its two beginnings, and of its rounds what the last one gave.
struct Rounds {
    SHA512_CTX inner, outer, work;
    Block block;
    Words sum;
};

/// The HMAC of the salt and the number of the first block.
void first_round(ByteView password, ByteView salt, Rounds& rounds) {
    constexpr ByteArray<4> number = {0, 0, 0, 1};
    Wiped<Block> key;
    prepare(password, key.value);
    begin(rounds.inner, key.value, 0x36);
    begin(rounds.outer, key.value, 0x5c);
    rounds.work = rounds.inner;
    SHA512_Update(&rounds.work, salt.data(), salt.size());
    SHA512_Update(&rounds.work, number.data(), number.size());
    SHA512_Final(rounds.block.data(), &rounds.work);
    // From here on each message is a hash: one block, whose padding and length (a block of the key
    // and a hash, 1,536 bits) stay where they are.
    rounds.block[hash_size] = 0x80;
    rounds.block[block_size - 2] = 0x06;
    hash_on(rounds.outer, rounds.work, rounds.block, rounds.sum);
}

void other_rounds(Rounds& rounds, std::uint32_t times) {
    Wiped<Words> hash;
    for (std::uint32_t round = 0; round < times; ++round) {
        hash_on(rounds.inner, rounds.work, rounds.block, hash.value);
        hash_on(rounds.outer, rounds.work, rounds.block, hash.value);
        for (std::size_t i = 0; i < hash.value.size(); ++i) rounds.sum[i] ^= hash.value[i];
    }
}

using FourRounds = std::array<Rounds, sha512_lanes>;

void other_rounds(FourRounds& four, std::uint32_t times) {
    Wiped<HmacLanes> lanes;
    for (std::size_t lane = 0; lane < four.size(); ++lane) {
        for (std::size_t i = 0; i < four[lane].sum.size(); ++i) {
            lanes.value.inner[i][lane] = four[lane].inner.h[i];
            lanes.value.outer[i][lane] = four[lane].outer.h[i];
            lanes.value.hash[i][lane] = lanes.value.sum[i][lane] = four[lane].sum[i];
        }
    }
    hash_lanes(lanes.value, times);
    for (std::size_t lane = 0; lane < four.size(); ++lane) {
        for (std::size_t i = 0; i < four[lane].sum.size(); ++i) {
            four[lane].sum[i] = lanes.value.sum[i][lane];
        }
    }
}

}  // namespace

void pbkdf2_sha512(std::uint32_t iterations, ByteView salt, std::span<const PasswordToKey> all) {
    Wiped<FourRounds> rounds;
    while (!all.empty()) {
        const auto some = all.first(std::min(all.size(), sha512_lanes));
        for (std::size_t i = 0; i < some.size(); ++i) {
            first_round(some[i].password, salt, rounds.value[i]);
        }
        if (some.size() == sha512_lanes && has_sha512_lanes()) {
            other_rounds(rounds.value, iterations - 1);
        } else {
            for (std::size_t i = 0; i < some.size(); ++i) {
                other_rounds(rounds.value[i], iterations - 1);
            }
        }
        for (std::size_t i = 0; i < some.size(); ++i) {
            write(rounds.value[i].sum, some[i].key.data());
        }
        all = all.subspan(some.size());
    }
}

}  // namespace redoubt::crypto
