// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/base58.hpp>

#include <openssl/sha.h>

#include <algorithm>
#include <cstdint>
#include <ranges>

namespace redoubt {
namespace {

constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t checksum_size = 4;

ByteArray<checksum_size> checksum(ByteView bytes) {
    ByteArray<SHA256_DIGEST_LENGTH> hash{};
    SHA256(bytes.data(), bytes.size(), hash.data());
    SHA256(hash.data(), hash.size(), hash.data());
    return {hash[0], hash[1], hash[2], hash[3]};
}

/// value := value * factor + addend, over digits of the given base, least significant first.
void multiply_add(Bytes& digits, unsigned base, unsigned factor, unsigned addend) {
    unsigned carry = addend;
    for (Byte& digit : digits) {
        carry += digit * factor;
        digit = static_cast<Byte>(carry % base);
        carry /= base;
    }
    for (; carry > 0; carry /= base) digits.push_back(static_cast<Byte>(carry % base));
}

}  // namespace

std::string to_base58check(ByteView bytes) {
    Bytes input(bytes.begin(), bytes.end());
    append(input, checksum(bytes));
    const auto first = std::ranges::find_if(input, [](Byte b) { return b != 0; });
    std::string text(static_cast<std::size_t>(first - input.begin()), alphabet[0]);
    Bytes digits;
    for (Byte byte : std::ranges::subrange(first, input.end())) multiply_add(digits, 58, 256, byte);
    for (Byte digit : std::views::reverse(digits)) text.push_back(alphabet[digit]);
    return text;
}

std::optional<Bytes> from_base58check(std::string_view text) {
    if (text.size() > max_base58_length) return std::nullopt;
    const std::size_t zeros = std::min(text.find_first_not_of(alphabet[0]), text.size());
    Bytes digits;
    for (char c : text.substr(zeros)) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        multiply_add(digits, 256, 58, static_cast<unsigned>(value));
    }
    Bytes bytes(zeros, 0);
    bytes.insert(bytes.end(), digits.rbegin(), digits.rend());
    if (bytes.size() < checksum_size) return std::nullopt;
    const ByteView payload = ByteView(bytes).first(bytes.size() - checksum_size);
    if (!std::ranges::equal(checksum(payload), ByteView(bytes).last(checksum_size))) {
        return std::nullopt;
    }
    bytes.resize(payload.size());
    return bytes;
}

}  // namespace redoubt
