// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <sodium/crypto_generichash.h>

#include <redoubt/crypto/hash.hpp>

#include <inputs/inputs.hpp>
#include "measure.hpp"

namespace redoubt::bench {
namespace {

void measure_blake2b(const std::string& name, const Bytes& message) {
    measure("blake2b/" + name + "/ours",
            [message] { return crypto::blake2b_256(message) != ByteArray<32>{}; });
    measure("blake2b/" + name + "/library", [message] {
        ByteArray<32> hash{};
        return crypto_generichash(hash.data(), hash.size(), message.data(), message.size(), nullptr,
                                  0) == 0;
    });
}

void measure_sha256(const std::string& name, const Bytes& message) {
    measure("sha256/" + name + "/ours",
            [message] { return crypto::sha256(message) != ByteArray<32>{}; });
    measure("sha256/" + name + "/library", [message] {
        ByteArray<32> hash{};
        return SHA256(message.data(), message.size(), hash.data()) != nullptr;
    });
    measure("sha256/" + name + "/evp", [message] {
        ByteArray<32> hash{};
        return EVP_Digest(message.data(), message.size(), hash.data(), nullptr, EVP_sha256(),
                          nullptr) == 1;
    });
}

void measure_hmac() {
    const auto key = crypto::blake2b_256(bytes_of("a key"));
    constexpr std::string_view message = "aws4_request";
    measure("hmac/scope/ours",
            [=] { return crypto::hmac_sha256(key, bytes_of(message)) != ByteArray<32>{}; });
    measure("hmac/scope/library", [=] {
        ByteArray<32> code{};
        unsigned length = 0;
        const ByteView text = bytes_of(message);
        return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text.data(),
                    text.size(), code.data(), &length) != nullptr;
    });
    measure("hmac/scope/evp", [=] {
        ByteArray<32> code{};
        std::size_t length = 0;
        const ByteView text = bytes_of(message);
        return EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(),
                         text.data(), text.size(), code.data(), code.size(), &length) != nullptr;
    });
}

}  // namespace

void measure_hashes() {
    measure_blake2b("vote", payload(ConsensusKind::Attestation));
    measure_blake2b("block", payload(ConsensusKind::Block));
    measure_sha256("digest", payload(ConsensusKind::Attestation));
    measure_sha256("canonical_request", Bytes(1400, 'x'));
    measure_hmac();
    // What DynamoDB answers; no library at hand has it.
    measure("crc32/row/ours", [message = Bytes(400, 'x')] { return crypto::crc32(message) != 0; });
}

}  // namespace redoubt::bench
