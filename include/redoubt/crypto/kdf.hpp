// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <redoubt/base/guarded.hpp>

/// Keys from passwords, by OpenSSL. Whoever calls has bounded what a stranger's file asks for: each
/// throws std::runtime_error where OpenSSL refuses, or finds no memory.
namespace redoubt::crypto {

enum class Prf : std::uint8_t { HmacSha256, HmacSha512 };

struct Pbkdf2 {
    Prf prf;
    std::uint32_t iterations;
};
/// RFC 8018, 5.2.
[[nodiscard]] GuardedBytes derive_key(const Pbkdf2& by, ByteView password, ByteView salt,
                                      std::size_t size);

/// The same with HMAC-SHA512, of so many bytes, of several passwords: four together take less time.
inline constexpr std::size_t seed_size = 64;
[[nodiscard]] std::vector<GuardedBytes> derive_seeds(std::uint32_t iterations,
                                                     std::span<const ByteView> passwords,
                                                     ByteView salt);

struct Scrypt {
    std::uint64_t n;  // above 1, a power of two
    std::uint32_t r;
    std::uint32_t p;

    /// In bytes, while it runs.
    [[nodiscard]] std::uint64_t memory() const { return 128 * n * r; }
};
/// RFC 7914.
[[nodiscard]] GuardedBytes derive_key(const Scrypt& by, ByteView password, ByteView salt,
                                      std::size_t size);

}  // namespace redoubt::crypto
