// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/base/secret.hpp>

/// Tokens of HTTP callers, `rdt_<id: 16 hex digits>_<secret: 43 characters of base64url>`, and the
/// places where a request has one:
///
///     Authorization: Bearer <token>
///     Authorization: Basic <base64 of any user, a colon, and the token as password>
///     /t/<token>/...                                          for clients that send no such header
///
/// Each token has one spelling: small letters in the id, no padding, no bits left over.
namespace redoubt::access {

/// The public half of a token, 16 lower-case hex digits. No secret: it is what logs name.
class TokenId {
public:
    [[nodiscard]] static std::optional<TokenId> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }
    auto operator<=>(const TokenId&) const = default;

private:
    explicit TokenId(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// SHA-256 of a secret's 43 characters.
using SecretHash = ByteArray<32>;

enum class Carrier : std::uint8_t { Header, Path };

/// A token as a request brought it: read, not yet believed. Of its secret, no copy is kept.
struct PresentedToken {
    TokenId id;
    SecretHash hash{};
    Carrier carrier{};
};

struct Presented {
    PresentedToken token;
    std::string_view path;  // what is asked for, without the token
};

/// `path` decoded, `authorization` the header's value, or empty. A path that begins with `/t/`
/// decides, whatever the header says. Looks at both; asks nobody.
///
/// `token_missing`: neither has one; another scheme than Bearer and Basic counts as none.
/// `token_invalid`: one is there that is not of the form above. No error repeats any of it.
[[nodiscard]] Result<Presented> read_token(std::string_view path, std::string_view authorization);

struct NewToken {
    TokenId id;
    SecretHash hash{};
    Secret text;  // all of it, to be shown once
};
/// Of 40 random bytes.
[[nodiscard]] NewToken make_token();

}  // namespace redoubt::access
