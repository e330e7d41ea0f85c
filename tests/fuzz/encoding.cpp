// SPDX-License-Identifier: Apache-2.0
// Texts of bytes: hex, base64, percent-encoding. The input: a text, or bytes.
#include <openssl/evp.h>

#include <algorithm>

#include <redoubt/base/encoding.hpp>

#include "check.hpp"

namespace redoubt::fuzz::encoding {
namespace {

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string base64_by_openssl(ByteView bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                    static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

void read_text(std::string_view text) {
    const auto from_digits = from_hex(text);
    const bool is_hex = text.size() % 2 == 0 &&
                        text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    check(from_digits.has_value() == is_hex, "what is hex");
    check(!from_digits || to_hex(*from_digits) == lowered(text), "hex, read and written");

    const auto decoded = from_base64(text);
    check(!decoded || base64_by_openssl(*decoded) == text, "base64 in its one spelling");

    const auto plain = percent_decode(text);
    const bool is_escaped = text.contains('%');
    check(is_escaped || plain == text, "without an escape a text is its own");
    const auto query = percent_decode(text, true);
    check(plain.has_value() == query.has_value(), "a plus breaks no escape");
    check(!query || query->size() == plain->size(), "a plus is one character");
}

void write_bytes(ByteView bytes) {
    const std::string base64 = to_base64(bytes);
    check(base64 == base64_by_openssl(bytes), "base64 as OpenSSL writes it");
    const auto decoded = from_base64(base64);
    check(decoded && std::ranges::equal(*decoded, bytes), "and it is read");
    std::string escaped;
    for (Byte byte : bytes) escaped += "%" + to_hex({&byte, 1});
    check(percent_decode(escaped) == text_of(bytes), "any byte may be escaped");
    if (escaped.empty()) return;
    escaped.pop_back();
    check(!percent_decode(escaped), "half an escape is none");
}

}  // namespace

void one_input(ByteView input) {
    read_text(text_of(input));
    write_bytes(input);
}

}  // namespace redoubt::fuzz::encoding
