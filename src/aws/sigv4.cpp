// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/sigv4.hpp>

#include <algorithm>
#include <cctype>
#include <map>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/text.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::aws::sigv4 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

bool is_unreserved(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

std::string percent_encoded(std::string_view text, bool keep_slashes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        if (is_unreserved(c) || (keep_slashes && c == '/')) {
            out.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4U], digits[byte & 0x0fU]};
        }
    }
    return out;
}

std::string canonical_query(const http::Pairs& query) {
    http::Pairs encoded;
    for (const auto& [name, value] : query) {
        encoded.emplace_back(percent_encoded(name, false), percent_encoded(value, false));
    }
    std::ranges::sort(encoded);
    std::string out;
    for (const auto& [name, value] : encoded) {
        out += (out.empty() ? "" : "&") + name + "=" + value;
    }
    return out;
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Without white space at the ends, and with single spaces inside.
std::string folded(std::string_view text) {
    if (std::ranges::none_of(text, is_space)) return std::string(text);
    std::string out;
    for (char c : text) {
        const bool space = is_space(c);
        if (!space) out.push_back(c);
        if (space && !out.empty() && out.back() != ' ') out.push_back(' ');
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// Lower-case names, sorted, each with its values in order.
using CanonicalHeaders = std::map<std::string, std::string>;

CanonicalHeaders canonical_headers(const http::Pairs& headers) {
    CanonicalHeaders out;
    for (const auto& [name, value] : headers) {
        auto [entry, is_new] = out.try_emplace(lower_case(name), folded(value));
        if (!is_new) entry->second += "," + folded(value);
    }
    return out;
}

std::string names_of(const CanonicalHeaders& headers) {
    std::string out;
    for (const auto& [name, value] : headers) out += (out.empty() ? "" : ";") + name;
    return out;
}

std::string canonical_request(const Message& message, const CanonicalHeaders& headers) {
    std::string out;
    // At once, as a session token alone is a kilobyte; 512 for the names' list and the body's hash.
    out.reserve(message.path.size() + http::text_size(message.headers) + 512);
    out += message.method + "\n" + percent_encoded(message.path, true) + "\n" +
           canonical_query(message.query) + "\n";
    for (const auto& [name, value] : headers) out.append(name).append(":").append(value) += '\n';
    out += "\n" + names_of(headers) + "\n" + to_hex(crypto::sha256(bytes_of(message.body)));
    return out;
}

ByteArray<32> hmac(ByteView key, std::string_view text) {
    return crypto::hmac_sha256(key, bytes_of(text));
}

std::string date_of(WallTime time) { return utc_text(time, "YYYYMMDD"); }

}  // namespace

std::string amz_date(WallTime time) { return utc_text(time, "YYYYMMDDThhmmssZ"); }

std::string scope_text(const Scope& scope) {
    return date_of(scope.time) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

std::string signed_headers(const http::Pairs& headers) {
    return names_of(canonical_headers(headers));
}

std::string canonical_request(const Message& message) {
    return canonical_request(message, canonical_headers(message.headers));
}

std::string string_to_sign(const Scope& scope, std::string_view canonical_request) {
    return std::string(algorithm) + "\n" + amz_date(scope.time) + "\n" + scope_text(scope) + "\n" +
           to_hex(crypto::sha256(bytes_of(canonical_request)));
}

ByteArray<32> signing_key(const Scope& scope, std::string_view secret_access_key) {
    const Secret start("AWS4" + std::string(secret_access_key));
    const auto dated = hmac(bytes_of(start.expose()), date_of(scope.time));
    const auto regional = hmac(dated, scope.region);
    const auto for_service = hmac(regional, scope.service);
    return hmac(for_service, "aws4_request");
}

std::string signature(const ByteArray<32>& signing_key, std::string_view string_to_sign) {
    return to_hex(hmac(signing_key, string_to_sign));
}

std::string authorization(const Message& message, const Scope& scope,
                          const Credentials& credentials) {
    return authorization(message, scope, credentials.access_key_id,
                         signing_key(scope, credentials.secret_access_key.expose()));
}

std::string authorization(const Message& message, const Scope& scope,
                          std::string_view access_key_id, const ByteArray<32>& signing_key) {
    const CanonicalHeaders headers = canonical_headers(message.headers);
    const std::string text = string_to_sign(scope, canonical_request(message, headers));
    return std::string(algorithm) + " Credential=" + std::string(access_key_id) + "/" +
           scope_text(scope) + ", SignedHeaders=" + names_of(headers) +
           ", Signature=" + signature(signing_key, text);
}

}  // namespace redoubt::aws::sigv4
