// SPDX-License-Identifier: Apache-2.0
#include <redoubt/access/token.hpp>

#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/base/text.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::access {
namespace {

constexpr std::string_view token_prefix = "rdt_";
constexpr std::size_t id_digits = 16;
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secret_size = 43;  // of base64url, without the padding
constexpr std::size_t token_size = token_prefix.size() + id_digits + 1 + secret_size;
constexpr std::string_view path_prefix = "/t/";
/// Of what Basic encodes, user and password; longer is not worth decoding.
constexpr std::size_t longest_basic = 512;

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_base64url(char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; }

/// What is hashed are the characters, so any of them do, whatever bits they stand for.
bool is_secret(std::string_view text) {
    return text.size() == secret_size && std::ranges::all_of(text, is_base64url);
}

SecretHash hash_of(std::string_view secret) { return crypto::sha256(bytes_of(secret)); }

std::optional<PresentedToken> parse_token(std::string_view text, Carrier carrier) {
    if (text.size() != token_size || !text.starts_with(token_prefix)) return std::nullopt;
    const auto id = TokenId::parse(text.substr(token_prefix.size(), id_digits));
    const std::string_view secret = text.substr(token_size - secret_size);
    if (!id || text[token_prefix.size() + id_digits] != '_' || !is_secret(secret)) {
        return std::nullopt;
    }
    return PresentedToken{*id, hash_of(secret), carrier};
}

std::unexpected<Error> malformed() {
    return fail(Code::TokenInvalid,
                "the token is not of the form rdt_<16 hexadecimal digits>_<43 characters>: give it "
                "as it was made, as a Bearer token, as the password of Basic, or, if it was made "
                "for that, in the path as /t/<token>/");
}

Result<Presented> presented(std::optional<PresentedToken> token, std::string_view path) {
    if (!token) return malformed();
    return Presented{std::move(*token), path};
}

/// `/t/<token>/...`
Result<Presented> read_path(std::string_view path) {
    path.remove_prefix(path_prefix.size());
    const std::size_t end = path.find('/');
    const std::string_view rest = end == std::string_view::npos ? "/" : path.substr(end);
    return presented(parse_token(path.substr(0, end), Carrier::Path), rest);
}

/// RFC 7617: the password is what follows the first colon.
std::optional<PresentedToken> read_basic(std::string_view encoded) {
    if (encoded.size() > base64_size(longest_basic)) return std::nullopt;
    auto decoded = from_base64(encoded);
    if (!decoded) return std::nullopt;
    const std::string_view text = text_of(*decoded);
    const std::size_t colon = text.find(':');
    auto token = colon == std::string_view::npos
                     ? std::nullopt
                     : parse_token(text.substr(colon + 1), Carrier::Header);
    wipe(*decoded);
    return token;
}

}  // namespace

std::optional<TokenId> TokenId::parse(std::string_view text) {
    if (text.size() != id_digits || !std::ranges::all_of(text, is_hex_digit)) return std::nullopt;
    return TokenId(std::string(text));
}

Result<Presented> read_token(std::string_view path, std::string_view authorization) {
    if (path.starts_with(path_prefix)) return read_path(path);
    const std::string_view value = trimmed(authorization);
    const std::size_t end = std::min(value.find(' '), value.size());
    const std::string scheme = lower_case(value.substr(0, end));
    const std::string_view given = trimmed(value.substr(end));
    if (scheme == "bearer") return presented(parse_token(given, Carrier::Header), path);
    if (scheme == "basic") return presented(read_basic(given), path);
    return fail(
        Code::TokenMissing,
        "a token is needed here: as a Bearer token, as the password of Basic, or, if it was "
        "made for that, in the path as /t/<token>/");
}

NewToken make_token() {
    ByteArray<id_digits / 2> name{};
    ByteArray<secret_bytes> bytes{};
    fill_with_random(name);
    fill_with_random(bytes);
    std::string secret;
    secret.reserve(base64_size(secret_bytes) + 1);
    append_base64(secret, bytes);
    wipe(bytes);
    secret.resize(secret_size);
    std::ranges::replace(secret, '+', '-');
    std::ranges::replace(secret, '/', '_');
    const std::string id = to_hex(name);
    std::string text;
    text.reserve(token_size);
    text.append(token_prefix).append(id).append("_").append(secret);
    NewToken made{TokenId::parse(id).value(), hash_of(secret), Secret(std::move(text))};
    wipe(secret);
    return made;
}

}  // namespace redoubt::access
