// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/types.hpp>

#include <charconv>

namespace redoubt::ethereum {

std::string prefixed_hex(ByteView bytes) { return "0x" + to_hex(bytes); }

std::string PublicKey::text() const { return prefixed_hex(bytes); }

std::optional<PublicKey> PublicKey::parse(std::string_view text) {
    const auto bytes = parse_hex<48>(text);
    if (!bytes) return std::nullopt;
    return PublicKey{*bytes};
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
    std::uint64_t value = 0;
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stopped != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace redoubt::ethereum
