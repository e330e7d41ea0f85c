// SPDX-License-Identifier: Apache-2.0
#include "secret_member.hpp"

#include <algorithm>

#include <redoubt/base/encoding.hpp>

namespace redoubt::aws {
namespace {

constexpr std::size_t most_bytes = 4096;  // that KMS encrypts

/// Behind the white space at `at`.
std::size_t skip_space(std::string_view body, std::size_t at) {
    return std::min(body.find_first_not_of(" \t\r\n", at), body.size());
}

/// The quote that ends the text which begins behind `at`, a quote; npos if there is none.
std::size_t closing_quote(std::string_view body, std::size_t at) {
    for (++at; at < body.size() && body[at] != '"'; ++at) {
        if (body[at] == '\\') ++at;
    }
    return at < body.size() ? at : std::string_view::npos;
}

/// The quote that begins the value of the name that ended before `at`; npos if no such one follows.
std::size_t value_behind(std::string_view body, std::size_t at) {
    at = skip_space(body, at);
    if (at == body.size() || body[at] != ':') return std::string_view::npos;
    at = skip_space(body, at + 1);
    return at < body.size() && body[at] == '"' ? at : std::string_view::npos;
}

std::optional<GuardedBytes> decoded(std::string_view text) {
    const std::size_t size = base64_bytes(text);
    if (size == 0 || size > most_bytes) return std::nullopt;
    GuardedBytes out(size);
    if (!read_base64(text, out.bytes())) return std::nullopt;
    return out;
}

}  // namespace

std::optional<SplitSecret> split_secret(std::string_view body, std::string_view name) {
    int depth = 0;
    for (std::size_t at = 0; at < body.size(); ++at) {
        if (body[at] == '{' || body[at] == '[') ++depth;
        if (body[at] == '}' || body[at] == ']') --depth;
        if (body[at] != '"') continue;
        const std::size_t end = closing_quote(body, at);
        if (end == std::string_view::npos) return std::nullopt;
        const bool is_named = depth == 1 && body.substr(at + 1, end - at - 1) == name;
        at = end;
        const std::size_t value = is_named ? value_behind(body, end + 1) : std::string_view::npos;
        if (value == std::string_view::npos) continue;
        const std::size_t behind = closing_quote(body, value);
        if (behind == std::string_view::npos) return std::nullopt;
        return SplitSecret{std::string(body.substr(0, value + 1)).append(body.substr(behind)),
                           decoded(body.substr(value + 1, behind - value - 1))};
    }
    return SplitSecret{std::string(body), std::nullopt};
}

}  // namespace redoubt::aws
