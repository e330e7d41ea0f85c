// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/hash.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <sodium/crypto_generichash_blake2b.h>

#include <stdexcept>

namespace redoubt::crypto {
namespace {

template <std::size_t N>
ByteArray<N> blake2b(ByteView message) {
    ByteArray<N> hash{};
    // Fails only for an illegal output or key length, which are constants here.
    if (crypto_generichash_blake2b(hash.data(), hash.size(), message.data(), message.size(),
                                   nullptr, 0) != 0) {
        throw std::logic_error("BLAKE2b refused its parameters");
    }
    return hash;
}

consteval std::array<std::uint32_t, 256> crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1U) ^ ((value & 1U) != 0 ? 0xedb88320U : 0U);
        }
        table[i] = value;
    }
    return table;
}

}  // namespace

ByteArray<32> blake2b_256(ByteView message) { return blake2b<32>(message); }
ByteArray<20> blake2b_160(ByteView message) { return blake2b<20>(message); }

ByteArray<32> sha256(ByteView message) {
    ByteArray<32> hash{};
    SHA256(message.data(), message.size(), hash.data());
    return hash;
}

ByteArray<32> hmac_sha256(ByteView key, ByteView message) {
    ByteArray<32> code{};
    unsigned length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(),
             code.data(), &length) == nullptr ||
        length != code.size()) {
        throw std::runtime_error("HMAC-SHA256 failed");
    }
    return code;
}

std::uint32_t crc32(ByteView message) {
    static constexpr auto table = crc_table();
    std::uint32_t value = 0xffffffffU;
    for (Byte byte : message) value = table[(value ^ byte) & 0xffU] ^ (value >> 8U);
    return value ^ 0xffffffffU;
}

}  // namespace redoubt::crypto
