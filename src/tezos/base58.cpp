// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/base58.hpp>

#include <algorithm>
#include <cstdint>
#include <ranges>
#include <vector>

#include <redoubt/base/secret.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::tezos {
namespace {

constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t checksum_size = 4;

ByteArray<checksum_size> checksum(ByteView bytes) {
    const auto hash = crypto::sha256(crypto::sha256(bytes));
    return {hash[0], hash[1], hash[2], hash[3]};
}

constexpr Byte no_digit = 0xff;

consteval std::array<Byte, 256> digit_table() {
    std::array<Byte, 256> table{};
    table.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<Byte>(alphabet[i])] = static_cast<Byte>(i);
    }
    return table;
}

/// The digit that a character stands for, or `no_digit`.
Byte digit_of(char c) {
    static constexpr auto table = digit_table();
    return table[static_cast<Byte>(c)];
}

/// A large number, least significant limb first.
using Limbs = std::vector<std::uint32_t>;

// The arithmetic takes five characters, or four bytes, at a time: both fit into a limb.
constexpr std::size_t characters_per_limb = 5;
constexpr std::uint64_t characters_base = 58ULL * 58 * 58 * 58 * 58;
constexpr std::size_t bytes_per_limb = 4;
constexpr std::uint64_t bytes_base = 1ULL << 32U;

/// value := value * factor + addend, where neither factor nor base is above 2^32.
template <std::uint64_t base>
void multiply_add(Limbs& limbs, std::uint64_t factor, std::uint64_t addend) {
    std::uint64_t carry = addend;
    for (std::uint32_t& limb : limbs) {
        carry += limb * factor;
        limb = static_cast<std::uint32_t>(carry % base);
        carry /= base;
    }
    for (; carry > 0; carry /= base) limbs.push_back(static_cast<std::uint32_t>(carry % base));
}

/// Cuts off what comes first of a sequence whose rest is cut into pieces of `size`.
template <class Sequence>
Sequence take_piece(Sequence& rest, std::size_t size) {
    const std::size_t odd = rest.size() % size;
    const Sequence piece(rest.begin(),
                         rest.begin() + static_cast<std::ptrdiff_t>(odd == 0 ? size : odd));
    rest = Sequence(rest.begin() + static_cast<std::ptrdiff_t>(piece.size()), rest.end());
    return piece;
}

}  // namespace

std::string to_base58check(ByteView bytes) {
    Bytes input(bytes.begin(), bytes.end());
    append(input, checksum(bytes));
    const auto first = std::ranges::find_if(input, [](Byte b) { return b != 0; });
    Limbs limbs;
    limbs.reserve(input.size() / 3 + 1);  // five characters hold more than three bytes
    for (ByteView rest(first, input.end()); !rest.empty();) {
        std::uint64_t value = 0;
        for (Byte byte : take_piece(rest, bytes_per_limb)) value = value << 8U | byte;
        multiply_add<characters_base>(limbs, bytes_base, value);
    }
    std::string text;  // backwards
    text.reserve(limbs.size() * characters_per_limb + input.size());
    for (std::uint32_t limb : limbs) {
        for (std::size_t i = 0; i < characters_per_limb; ++i, limb /= 58) {
            text.push_back(alphabet[limb % 58]);
        }
    }
    text.resize(text.find_last_not_of(alphabet[0]) + 1);
    text.append(static_cast<std::size_t>(first - input.begin()), alphabet[0]);
    std::ranges::reverse(text);
    return text;
}

std::optional<Bytes> from_base58check(std::string_view text) {
    if (text.size() > max_base58_length) return std::nullopt;
    const std::size_t zeros = std::min(text.find_first_not_of(alphabet[0]), text.size());
    Limbs limbs;
    limbs.reserve(text.size() / bytes_per_limb + 1);
    for (std::string_view rest = text.substr(zeros); !rest.empty();) {
        std::uint64_t value = 0;
        for (char c : take_piece(rest, characters_per_limb)) {
            const Byte digit = digit_of(c);
            if (digit == no_digit) return std::nullopt;
            value = value * 58 + digit;
        }
        multiply_add<bytes_base>(limbs, characters_base, value);
    }
    Bytes bytes;  // backwards
    bytes.reserve(limbs.size() * bytes_per_limb + zeros);
    for (std::uint32_t limb : limbs) {
        for (std::size_t i = 0; i < bytes_per_limb; ++i, limb >>= 8U) {
            bytes.push_back(static_cast<Byte>(limb));
        }
    }
    while (!bytes.empty() && bytes.back() == 0) bytes.pop_back();
    bytes.insert(bytes.end(), zeros, 0);
    std::ranges::reverse(bytes);
    if (bytes.size() < checksum_size) return std::nullopt;
    const ByteView payload = ByteView(bytes).first(bytes.size() - checksum_size);
    if (!std::ranges::equal(checksum(payload), ByteView(bytes).last(checksum_size))) {
        return std::nullopt;
    }
    bytes.resize(payload.size());
    return bytes;
}

GuardedBytes to_secret_base58check(ByteView bytes, std::size_t text_size) {
    GuardedBytes number(bytes.size() + checksum_size);
    std::ranges::copy(bytes, number.bytes().begin());
    std::ranges::copy(checksum(bytes), number.bytes().last<checksum_size>().begin());
    GuardedBytes text(text_size);
    for (std::size_t at = text_size; at-- > 0;) {
        unsigned rest = 0;  // of dividing the number by 58
        for (Byte& byte : number.bytes()) {
            rest = rest << 8U | byte;
            byte = static_cast<Byte>(rest / 58);
            rest %= 58;
        }
        text.bytes()[at] = static_cast<Byte>(alphabet[rest]);
    }
    wipe_stack();
    return text;
}

std::optional<GuardedBytes> from_secret_base58check(ByteView text, std::size_t size) {
    GuardedBytes number(size + checksum_size);
    for (const Byte character : text) {
        unsigned carry = digit_of(static_cast<char>(character));
        if (carry == no_digit) return std::nullopt;
        for (Byte& byte : number.bytes() | std::views::reverse) {
            carry += byte * 58U;
            byte = static_cast<Byte>(carry);
            carry >>= 8U;
        }
        if (carry != 0) return std::nullopt;  // a larger number
    }
    GuardedBytes bytes = GuardedBytes::copy_of(number.view().first(size));
    const bool is_right =
        std::ranges::equal(checksum(bytes.view()), number.view().last(checksum_size));
    wipe_stack();
    return is_right ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace redoubt::tezos
