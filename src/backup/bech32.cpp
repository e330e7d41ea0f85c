// SPDX-License-Identifier: Apache-2.0
#include "bech32.hpp"

#include <array>
#include <cstdint>

namespace redoubt::backup {
namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_size = 6;  // characters
constexpr std::size_t data_size = 52;     // characters: 32 bytes, and four bits that are zero
constexpr std::uint32_t right_sum = 1;    // of a whole text with its checksum

/// The checksum of BIP 173: a polynomial over GF(32), five bits a step.
class Checksum {
public:
    void add(std::uint32_t value) {
        static constexpr std::array<std::uint32_t, 5> generator = {
            0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
        const std::uint32_t top = sum_ >> 25U;
        sum_ = (sum_ & 0x1ffffffU) << 5U ^ value;
        for (std::size_t i = 0; i < generator.size(); ++i) {
            if ((top >> i & 1U) != 0) sum_ ^= generator[i];
        }
    }
    [[nodiscard]] bool is_right() const { return sum_ == right_sum; }

private:
    std::uint32_t sum_ = 1;
};

Checksum begun_with(std::string_view prefix) {
    Checksum checksum;
    for (char letter : prefix) checksum.add(static_cast<Byte>(letter) >> 5U);
    checksum.add(0);
    for (char letter : prefix) checksum.add(static_cast<Byte>(letter) & 31U);
    return checksum;
}

using Values = std::array<Byte, data_size + checksum_size>;  // of five bits

std::optional<Values> values_of(std::string_view letters) {
    Values values{};
    if (letters.size() != values.size()) return std::nullopt;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t value = alphabet.find(letters[i]);
        if (value == std::string_view::npos) return std::nullopt;
        values[i] = static_cast<Byte>(value);
    }
    return values;
}

/// Nothing if the bits left over are not zero.
std::optional<ByteArray<32>> packed(std::span<const Byte, data_size> values) {
    ByteArray<32> bytes{};
    std::size_t size = 0;
    std::uint32_t pending = 0;
    unsigned bits = 0;  // of `pending`
    for (Byte value : values) {
        pending = pending << 5U | value;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes[size++] = static_cast<Byte>(pending >> bits);
        pending &= (1U << bits) - 1;
    }
    if (pending != 0) return std::nullopt;
    return bytes;
}

}  // namespace

// text = prefix "1" 52*letter 6*letter
std::optional<ByteArray<32>> from_bech32(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix) || !text.substr(prefix.size()).starts_with('1')) {
        return std::nullopt;
    }
    const auto values = values_of(text.substr(prefix.size() + 1));
    if (!values) return std::nullopt;
    Checksum checksum = begun_with(prefix);
    for (Byte value : *values) checksum.add(value);
    if (!checksum.is_right()) return std::nullopt;
    return packed(std::span(*values).first<data_size>());
}

}  // namespace redoubt::backup
