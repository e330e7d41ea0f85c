// SPDX-License-Identifier: Apache-2.0
// Recipients of backups. The input: a text, or the bytes of a point that somebody gave a checksum.
#include <algorithm>
#include <array>
#include <string>

#include <redoubt/backup/age.hpp>

#include "check.hpp"

namespace redoubt::fuzz::age_recipient {
namespace {

/// Bech32 of any bytes, with its checksum: the other direction, which the product has no use for.
std::string written(ByteView bytes) {
    constexpr std::string_view letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    constexpr std::array<std::uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                                        0x3d4233dd, 0x2a1462b3};
    std::string text = "age1";
    std::uint32_t sum = 1;
    const auto add = [&sum, &generator](std::uint32_t value) {
        const std::uint32_t top = sum >> 25U;
        sum = ((sum & 0x1ffffffU) << 5U) ^ value;
        for (unsigned i = 0; i < 5; ++i) sum ^= (top >> i & 1U) * generator[i];
    };
    for (std::uint32_t value : {3U, 3U, 3U, 0U, 1U, 7U, 5U}) add(value);  // "age"
    const std::size_t bits = bytes.size() * 8;
    for (std::size_t at = 0; at < bits; at += 5) {
        std::uint32_t value = 0;
        for (std::size_t bit = at; bit < at + 5; ++bit) {
            const std::uint32_t byte = bit < bits ? bytes[bit / 8] : 0;
            value = value * 2 + (byte >> (7 - bit % 8) & 1U);
        }
        add(value);
        text += letters[value];
    }
    for (int i = 0; i < 6; ++i) add(0);
    for (unsigned i = 6; i-- > 0;) text += letters[(sum ^ 1U) >> 5 * i & 31U];
    return text;
}

void read_text(std::string_view text) {
    const auto recipient = backup::Recipient::parse(text);
    if (!recipient) return;
    check(written(recipient->point()) == text, "one spelling for each recipient");
    const ByteView above = ByteView(recipient->point()).subspan(1);
    check(recipient->point()[0] > 1 || std::ranges::any_of(above, [](Byte byte) { return byte; }),
          "neither zero nor one is a recipient");
    check(backup::encrypt(bytes_of("secret"), {{*recipient}}).has_value(),
          "to what was read can be encrypted");
}

void read_point(ByteView bytes) {
    const auto recipient = backup::Recipient::parse(written(bytes));
    if (bytes.size() != 32) {
        check(!recipient, "a recipient is of 32 bytes");
    } else if (recipient) {
        check(std::ranges::equal(recipient->point(), bytes), "what is written is what is read");
        check(bytes[31] < 0x80, "a bit that no point has is not set");
    }
}

}  // namespace

void one_input(ByteView input) {
    read_text(text_of(input));
    read_point(input);
    if (input.size() != 32) return;
    const std::string text = written(input);
    read_text(text);
}

}  // namespace redoubt::fuzz::age_recipient
