// SPDX-License-Identifier: Apache-2.0
// The hash's bare compression, which OpenSSL 3 marks as deprecated and has nothing instead of.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "pbkdf2_sha512.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

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
using Hash = std::array<Byte, SHA512_DIGEST_LENGTH>;

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

void write_state(const SHA512_CTX& context, Byte* to) {
    for (const auto word : context.h) {
        for (unsigned i = 8; i-- > 0;) *to++ = static_cast<Byte>(word >> (8 * i));
    }
}

/// Goes on from `begun` with the block, whose first half is the last hash, and puts the next there.
void hash_on(const SHA512_CTX& begun, SHA512_CTX& work, Block& block) {
    std::ranges::copy(begun.h, work.h);
    SHA512_Transform(&work, block.data());
    write_state(work, block.data());
}

/// HMAC of the salt and the number of the first block.
void first_round(const SHA512_CTX& inner, const SHA512_CTX& outer, ByteView salt, Hash& hash) {
    constexpr ByteArray<4> number = {0, 0, 0, 1};
    Wiped<SHA512_CTX> context;
    context.value = inner;
    SHA512_Update(&context.value, salt.data(), salt.size());
    SHA512_Update(&context.value, number.data(), number.size());
    SHA512_Final(hash.data(), &context.value);
    context.value = outer;
    SHA512_Update(&context.value, hash.data(), hash.size());
    SHA512_Final(hash.data(), &context.value);
}

}  // namespace

void pbkdf2_sha512(std::uint32_t iterations, ByteView password, ByteView salt,
                   std::span<Byte, 64> out) {
    Wiped<Block> key, block;
    Wiped<SHA512_CTX> inner, outer, work;
    Wiped<Hash> hash;
    prepare(password, key.value);
    begin(inner.value, key.value, 0x36);
    begin(outer.value, key.value, 0x5c);
    first_round(inner.value, outer.value, salt, hash.value);
    std::ranges::copy(hash.value, out.begin());
    // From here on each message is a hash: one block, whose padding and length (a block of the key
    // and a hash, 1,536 bits) stay where they are.
    std::ranges::copy(hash.value, block.value.begin());
    block.value[hash.value.size()] = 0x80;
    block.value[block_size - 2] = 0x06;
    for (std::uint32_t round = 1; round < iterations; ++round) {
        hash_on(inner.value, work.value, block.value);
        hash_on(outer.value, work.value, block.value);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= block.value[i];
    }
}

}  // namespace redoubt::crypto
