// SPDX-License-Identifier: Apache-2.0
#include <redoubt/backup/age.hpp>

#include <algorithm>

#include <redoubt/base/random.hpp>
#include <redoubt/crypto/x25519.hpp>

#include "age_file.hpp"
#include "bech32.hpp"

namespace redoubt::backup {
namespace {

/// Below the prime, 2^255 - 19: any other spelling is of a point that has one already.
bool is_reduced(const ByteArray<32>& point) {
    const auto middle = std::span(point).subspan(1, 30);
    return point[31] < 0x7f ||
           (point[31] == 0x7f &&
            (point[0] < 0xed ||
             std::ranges::any_of(middle, [](Byte byte) { return byte != 0xff; })));
}

/// Times any secret it is zero, so what is encrypted to it is as good as clear.
bool is_of_low_order(const ByteArray<32>& point) {
    static constexpr ByteArray<32> any{};
    return !crypto::x25519(any, point);
}

GuardedBytes drawn(std::size_t size) {
    GuardedBytes bytes(size);
    fill_with_random(bytes.bytes());
    return bytes;
}

Randomness draw(std::size_t recipients) {
    Randomness random{drawn(16), {}, {}};
    fill_with_random(random.nonce);
    for (std::size_t i = 0; i < recipients; ++i) random.ephemeral.push_back(drawn(32));
    return random;
}

bool is_repeated(std::span<const Recipient> recipients) {
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        const auto before = recipients.first(i);
        if (std::ranges::find(before, recipients[i]) != before.end()) return true;
    }
    return false;
}

}  // namespace

std::optional<Recipient> Recipient::parse(std::string_view text) {
    const auto point = from_bech32("age", text);
    if (!point || !is_reduced(*point) || is_of_low_order(*point)) return std::nullopt;
    return Recipient(*point);
}

Result<std::string> encrypt(ByteView plaintext, std::span<const Recipient> recipients) {
    if (recipients.empty()) return fail(Code::BadRequest, "a backup needs a recipient (age1...)");
    if (is_repeated(recipients)) {
        return fail(Code::BadRequest, "a backup's recipient is given twice: give each once");
    }
    if (plaintext.empty() || plaintext.size() > max_plaintext) {
        return fail(Code::BadRequest, "a backup holds 1 to " + std::to_string(max_plaintext) +
                                          " bytes, not " + std::to_string(plaintext.size()));
    }
    const auto file = age_file(plaintext, recipients, draw(recipients.size()));
    if (!file) return fail(Code::Internal, "a recipient's point is of low order");
    return armoured(*file);
}

}  // namespace redoubt::backup
