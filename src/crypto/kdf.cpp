// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/kdf.hpp>

#include <openssl/evp.h>

#include <limits>
#include <stdexcept>
#include <utility>

#include <redoubt/base/secret.hpp>

#include "pbkdf2_sha512.hpp"

namespace redoubt::crypto {
namespace {

int as_int(std::uint64_t number) {
    if (number > std::numeric_limits<int>::max())
        throw std::length_error("key derivation: too long");
    return static_cast<int>(number);
}

const char* characters(ByteView bytes) { return reinterpret_cast<const char*>(bytes.data()); }

}  // namespace

GuardedBytes derive_key(const Pbkdf2& by, ByteView password, ByteView salt, std::size_t size) {
    if (by.prf == Prf::HmacSha512 && size == seed_size) {
        return std::move(derive_seeds(by.iterations, {{password}}, salt).front());
    }
    GuardedBytes key(size);
    const EVP_MD* digest = by.prf == Prf::HmacSha512 ? EVP_sha512() : EVP_sha256();
    if (PKCS5_PBKDF2_HMAC(characters(password), as_int(password.size()), salt.data(),
                          as_int(salt.size()), as_int(by.iterations), digest, as_int(size),
                          key.bytes().data()) != 1) {
        throw std::runtime_error("PBKDF2 failed");
    }
    return key;
}

std::vector<GuardedBytes> derive_seeds(std::uint32_t iterations,
                                       std::span<const ByteView> passwords, ByteView salt) {
    if (iterations == 0) throw std::logic_error("PBKDF2 without a round");
    std::vector<GuardedBytes> seeds;
    std::vector<PasswordToKey> all;
    for (const ByteView password : passwords) {
        seeds.emplace_back(seed_size);
        all.push_back({password, seeds.back().bytes().first<seed_size>()});
    }
    pbkdf2_sha512(iterations, salt, all);
    wipe_stack();
    return seeds;
}

GuardedBytes derive_key(const Scrypt& by, ByteView password, ByteView salt, std::size_t size) {
    GuardedBytes key(size);
    // OpenSSL counts what else it needs, too: 128 bytes for each r and p, and a little.
    const std::uint64_t limit = by.memory() + std::uint64_t{256} * by.r * (by.p + 2) + 65536;
    if (EVP_PBE_scrypt(characters(password), password.size(), salt.data(), salt.size(), by.n, by.r,
                       by.p, limit, key.bytes().data(), size) != 1) {
        throw std::runtime_error("scrypt failed: no memory?");
    }
    return key;
}

}  // namespace redoubt::crypto
