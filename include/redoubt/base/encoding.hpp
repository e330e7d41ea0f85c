// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <redoubt/base/bytes.hpp>

/// Text forms of bytes. Every decoder is strict: one spelling per value, nothing left over.
namespace redoubt {

/// Lower-case hex.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// Both cases are read, as octez does; an odd length or another character gives nothing.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648, padded, without line breaks.
[[nodiscard]] std::string to_base64(ByteView bytes);
/// Only the canonical spelling is read: encoding the answer again gives `text`.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

/// The same for secrets, in constant time and without a copy elsewhere: appends what `to` has room
/// reserved for; reads, of the canonical spelling alone, what fills `out` exactly.
void append_base64(std::string& to, ByteView bytes);
[[nodiscard]] bool read_base64(std::string_view text, std::span<Byte> out);
/// How many characters, and, by its length and padding, how many bytes.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
[[nodiscard]] std::size_t base64_bytes(std::string_view text);

/// Undoes percent-encoding. `plus_is_space` for query strings. Nothing for a broken escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text,
                                                        bool plus_is_space = false);

}  // namespace redoubt
