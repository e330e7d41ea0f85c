// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>

#include <redoubt/base/bytes.hpp>

namespace redoubt::crypto {

/// The signature schemes that are known here: those that AWS KMS and Tezos share, and BLS, which is
/// Tezos' and Ethereum's.
enum class SignatureScheme : std::uint8_t { Ed25519, Secp256k1, P256, Bls12381 };

/// The bytes of a signature of that scheme: r (or R) and s (or S), 32 each; of BLS a point in G2,
/// compressed.
[[nodiscard]] constexpr std::size_t signature_size(SignatureScheme scheme) {
    switch (scheme) {
        case SignatureScheme::Ed25519:
        case SignatureScheme::Secp256k1:
        case SignatureScheme::P256: return 64;
        case SignatureScheme::Bls12381: return 96;
    }
    return 0;
}

/// The bytes of a signature, as many as its scheme has; copied like a number.
class RawSignature {
public:
    /// Of the largest scheme.
    static constexpr std::size_t capacity = signature_size(SignatureScheme::Bls12381);

    /// None: verifies under no key.
    constexpr RawSignature() = default;
    template <std::size_t N>
        requires(N <= capacity)
    explicit(false) RawSignature(const ByteArray<N>& bytes) : RawSignature(ByteView(bytes)) {}
    /// Up to `capacity` bytes; more make an empty one.
    explicit RawSignature(ByteView bytes) : size_(bytes.size() > capacity ? 0 : bytes.size()) {
        std::ranges::copy(bytes.first(size_), bytes_.begin());
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const Byte* data() const { return bytes_.data(); }
    [[nodiscard]] Byte* data() { return bytes_.data(); }
    [[nodiscard]] const Byte* begin() const { return data(); }
    [[nodiscard]] const Byte* end() const { return data() + size_; }
    [[nodiscard]] Byte* begin() { return data(); }
    [[nodiscard]] Byte* end() { return data() + size_; }

    friend bool operator==(const RawSignature& a, const RawSignature& b) {
        return std::ranges::equal(a, b);
    }
    friend auto operator<=>(const RawSignature& a, const RawSignature& b) {
        return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
    }

private:
    ByteArray<capacity> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace redoubt::crypto
