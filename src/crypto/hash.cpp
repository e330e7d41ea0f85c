// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/hash.hpp>

#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium/crypto_generichash_blake2b.h>

#include <array>
#include <stdexcept>
#include <string>

#include <redoubt/base/handle.hpp>

// OpenSSL looks algorithms up by name, which takes longer than a short hash: done once here.
namespace redoubt::crypto {
namespace {

using HashAlgorithm = Handle<EVP_MD, EVP_MD_free>;
using Mac = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using MacAlgorithm = Handle<EVP_MAC, EVP_MAC_free>;

HashAlgorithm fetched_sha256() {
    HashAlgorithm algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    if (!algorithm) throw std::runtime_error("OpenSSL has no SHA-256");
    return algorithm;
}

Mac prepared_hmac() {
    const MacAlgorithm hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    Mac mac(hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
    std::string digest = "SHA256";
    const std::array parameters = {OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
                                   OSSL_PARAM_construct_end()};
    if (!mac || EVP_MAC_CTX_set_params(mac.get(), parameters.data()) != 1) {
        throw std::runtime_error("OpenSSL has no HMAC-SHA256");
    }
    return mac;
}

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
    static const HashAlgorithm algorithm = fetched_sha256();
    ByteArray<32> hash{};
    if (EVP_Digest(message.data(), message.size(), hash.data(), nullptr, algorithm.get(),
                   nullptr) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
    return hash;
}

ByteArray<32> hmac_sha256(ByteView key, ByteView message) {
    static const Mac without_key = prepared_hmac();
    const Mac mac(EVP_MAC_CTX_dup(without_key.get()));
    ByteArray<32> code{};
    std::size_t length = 0;
    if (key.empty() || !mac || EVP_MAC_init(mac.get(), key.data(), key.size(), nullptr) != 1 ||
        EVP_MAC_update(mac.get(), message.data(), message.size()) != 1 ||
        EVP_MAC_final(mac.get(), code.data(), &length, code.size()) != 1 || length != code.size()) {
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
