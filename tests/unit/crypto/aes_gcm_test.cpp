// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/aes_gcm.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

namespace aes_gcm = crypto::aes_gcm;

struct GcmCase {
    std::string key, nonce, data, plaintext, sealed;
};

/// Cases 13 to 16 of GCM's specification (McGrew and Viega, those of AES-256 with 12-byte nonces).
std::vector<GcmCase> gcm_cases() {
    const std::string zeros(64, '0');
    const std::string key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    const std::string nonce = "cafebabefacedbaddecaf888";
    const std::string plaintext =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449"
        "a6"
        "b525b16aedf5aa0de657ba637b39";
    const std::string ciphertext =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056"
        "82"
        "8838c5f61e6393ba7a0abcc9f662";
    return {
        {zeros, zeros.substr(0, 24), "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
        {zeros, zeros.substr(0, 24), "", zeros.substr(0, 32),
         "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
        {key, nonce, "", plaintext + "1aafd255",
         ciphertext + "898015adb094dac5d93471bdec1a502270e3cc6c"},
        {key, nonce, "feedfacedeadbeeffeedfacedeadbeefabaddad2", plaintext,
         ciphertext + "76fc6ece0f4e1768cddf8853bb2d551b"},
    };
}

/// A case's bytes, to be altered.
struct GcmBytes {
    explicit GcmBytes(const GcmCase& row)
        : key(*from_hex(row.key)), data(*from_hex(row.data)), sealed(*from_hex(row.sealed)) {
        std::ranges::copy(*from_hex(row.nonce), nonce.begin());
    }
    [[nodiscard]] std::optional<std::string> opened() const {
        const auto plaintext = aes_gcm::decrypt({key, nonce, data}, sealed);
        return plaintext ? std::optional(to_hex(plaintext->view())) : std::nullopt;
    }
    Bytes key;
    ByteArray<12> nonce{};
    Bytes data;
    Bytes sealed;
};

TEST(AesGcm, IsTheStandards) {
    for (const GcmCase& row : gcm_cases()) {
        const GcmBytes bytes(row);
        const Bytes plaintext = *from_hex(row.plaintext);
        EXPECT_EQ(to_hex(aes_gcm::encrypt({bytes.key, bytes.nonce, bytes.data}, plaintext)),
                  row.sealed);
        EXPECT_EQ(bytes.opened(), row.plaintext);
    }
}

TEST(AesGcm, GivesNothingIfAnyBitIsAnother) {
    const GcmCase row = gcm_cases().back();
    GcmBytes bytes(row);
    const auto refuses_each_bit_of = [&](std::span<Byte> part) {
        for (std::size_t bit = 0; bit < part.size() * 8; ++bit) {
            const auto flip = static_cast<Byte>(1U << (bit % 8));
            part[bit / 8] ^= flip;
            EXPECT_FALSE(bytes.opened()) << bit;
            part[bit / 8] ^= flip;
        }
    };
    refuses_each_bit_of(bytes.key);
    refuses_each_bit_of(bytes.nonce);
    refuses_each_bit_of(bytes.data);
    refuses_each_bit_of(bytes.sealed);
    EXPECT_EQ(bytes.opened(), row.plaintext);
}

TEST(AesGcm, GivesNothingIfSomethingIsMissingOrTooMuch) {
    const GcmBytes whole(gcm_cases().back());
    for (std::size_t size = 0; size < whole.sealed.size(); ++size) {
        GcmBytes shorter = whole;
        shorter.sealed.resize(size);
        EXPECT_FALSE(shorter.opened()) << size;
    }
    GcmBytes longer = whole;
    longer.sealed.push_back(0);
    EXPECT_FALSE(longer.opened());
}

TEST(AesGcm, TakesKeysOf32BytesOnly) {
    for (const std::size_t size : {0U, 16U, 31U, 33U}) {
        const Bytes key(size);
        EXPECT_THROW(static_cast<void>(aes_gcm::encrypt({key, {}, {}}, {})), std::runtime_error);
    }
}

}  // namespace
}  // namespace redoubt::test
