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

/// The inner hash of the salt and the number of the first block.
void begin_block(const SHA512_CTX& inner, ByteView salt, SHA512_CTX& work, Block& block) {
    constexpr ByteArray<4> number = {0, 0, 0, 1};
    work = inner;
    SHA512_Update(&work, salt.data(), salt.size());
    SHA512_Update(&work, number.data(), number.size());
    SHA512_Final(block.data(), &work);
    // From here on each message is a hash: one block, whose padding and length (a block of the key
    // and a hash, 1,536 bits) stay where they are.
    block[hash_size] = 0x80;
    block[block_size - 2] = 0x06;
}

}  // namespace

void pbkdf2_sha512(std::uint32_t iterations, ByteView password, ByteView salt,
                   std::span<Byte, 64> out) {
    Wiped<Block> key, block;
    Wiped<SHA512_CTX> inner, outer, work;
    Wiped<Words> hash, sum;
    prepare(password, key.value);
    begin(inner.value, key.value, 0x36);
    begin(outer.value, key.value, 0x5c);
    begin_block(inner.value, salt, work.value, block.value);
    hash_on(outer.value, work.value, block.value, sum.value);
    for (std::uint32_t round = 1; round < iterations; ++round) {
        hash_on(inner.value, work.value, block.value, hash.value);
        hash_on(outer.value, work.value, block.value, hash.value);
        for (std::size_t i = 0; i < hash.value.size(); ++i) sum.value[i] ^= hash.value[i];
    }
    write(sum.value, out.data());
}

}  // namespace redoubt::crypto
