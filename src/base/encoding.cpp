// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/encoding.hpp>

// libb64's headers carry no linkage guard of their own.
extern "C" {
#include <b64/cdecode.h>
#include <b64/cencode.h>
}
#include <sodium/utils.h>

#include <algorithm>
#include <limits>

namespace redoubt {
namespace {

std::optional<Byte> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<Byte>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<Byte>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<Byte>(c - 'A' + 10);
    return std::nullopt;
}

std::optional<Byte> hex_byte(char high, char low) {
    const auto h = hex_digit(high);
    const auto l = hex_digit(low);
    if (!h || !l) return std::nullopt;
    return static_cast<Byte>(*h * 16 + *l);
}

// libb64 counts in int.
constexpr std::size_t max_base64_input = std::numeric_limits<int>::max() / 4;

}  // namespace

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(bytes.size() * 2, '\0');
    auto at = out.begin();
    for (Byte byte : bytes) {
        *at++ = digits[byte >> 4U];
        *at++ = digits[byte & 0x0fU];
    }
    return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto byte = hex_byte(text[i], text[i + 1]);
        if (!byte) return std::nullopt;
        out.push_back(*byte);
    }
    return out;
}

std::string to_base64(ByteView bytes) {
    if (bytes.size() > max_base64_input) return {};
    base64_encodestate state;
    base64_init_encodestate(&state);
    // Four characters for three bytes, a line break each 72 characters and one at the end.
    std::string out(bytes.size() / 3 * 4 + bytes.size() / 54 + 8, '\0');
    int length = base64_encode_block(reinterpret_cast<const char*>(bytes.data()),
                                     static_cast<int>(bytes.size()), out.data(), &state);
    length += base64_encode_blockend(out.data() + length, &state);
    out.resize(static_cast<std::size_t>(length));
    std::erase(out, '\n');
    return out;
}

std::optional<Bytes> from_base64(std::string_view text) {
    if (text.size() > max_base64_input || text.size() % 4 != 0) return std::nullopt;
    base64_decodestate state;
    base64_init_decodestate(&state);
    Bytes out(text.size() / 4 * 3 + 1);
    const int length = base64_decode_block(text.data(), static_cast<int>(text.size()),
                                           reinterpret_cast<char*>(out.data()), &state);
    out.resize(static_cast<std::size_t>(length));
    // libb64 skips what it does not know and never fails: strictness is the comparison.
    if (to_base64(out) != text) return std::nullopt;
    return out;
}

void append_base64(std::string& to, ByteView bytes) {
    const std::size_t start = to.size();
    const std::size_t size = base64_size(bytes.size());
    to.resize(start + size + 1);  // with sodium's NUL
    sodium_bin2base64(to.data() + start, size + 1, bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    to.resize(start + size);
}

bool read_base64(std::string_view text, std::span<Byte> out) {
    if (out.empty()) return text.empty();
    std::size_t size = 0;
    // What sodium makes of characters beyond ASCII is not to be relied upon.
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    return text.size() == base64_size(out.size()) && std::ranges::all_of(text, is_ascii) &&
           sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size,
                             nullptr, sodium_base64_VARIANT_ORIGINAL) == 0 &&
           size == out.size();
}

std::size_t base64_bytes(std::string_view text) {
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    return text.size() < 4 ? 0 : text.size() / 4 * 3 - padding;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (text.size() - i < 3) return std::nullopt;
            const auto byte = hex_byte(text[i + 1], text[i + 2]);
            if (!byte) return std::nullopt;
            out.push_back(static_cast<char>(*byte));
            i += 2;
        } else {
            out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

}  // namespace redoubt
