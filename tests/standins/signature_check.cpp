// SPDX-License-Identifier: Apache-2.0
#include "signature_check.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <redoubt/aws/sigv4.hpp>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

using aws::sigv4::Scope;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256 ";
constexpr auto window = std::chrono::minutes(5);

AwsException incomplete(std::string message) {
    return {.type = "IncompleteSignatureException", .message = std::move(message), .status = 400};
}

AwsException wrong(std::string message) {
    return {.type = "InvalidSignatureException", .message = std::move(message)};
}

AwsException unknown_client() {
    return {.type = "UnrecognizedClientException",
            .message = "The security token included in the request is invalid."};
}

/// What stands between `name=` and the next comma of an Authorization header.
std::string part(std::string_view header, const std::string& name) {
    const auto at = header.find(name + "=");
    if (at == std::string_view::npos) {
        throw incomplete("Authorization header requires '" + name + "' parameter.");
    }
    const std::string_view rest = header.substr(at + name.size() + 1);
    return std::string(rest.substr(0, rest.find(',')));
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

/// Reads `20261121T093000Z`.
std::optional<WallTime> parse_amz_date(const std::string& text) {
    const auto digits = [&text](std::size_t at, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(at, count)) value = value * 10 + (c - '0');
        return value;
    };
    static constexpr std::string_view form = "00000000T000000Z";
    if (text.size() != form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !digit : text[i] != form[i]) return std::nullopt;
    }
    using std::chrono::day, std::chrono::month, std::chrono::year;
    const std::chrono::year_month_day date(year(digits(0, 4)),
                                           month(static_cast<unsigned>(digits(4, 2))),
                                           day(static_cast<unsigned>(digits(6, 2))));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(digits(9, 2)) +
           std::chrono::minutes(digits(11, 2)) + std::chrono::seconds(digits(13, 2));
}

void check_age(WallTime signed_at, WallTime now) {
    const std::string given = aws::sigv4::amz_date(signed_at);
    const std::string ours = aws::sigv4::amz_date(now);
    if (signed_at < now - window) {
        throw wrong("Signature expired: " + given + " is now earlier than " +
                    aws::sigv4::amz_date(now - window) + " (" + ours + " - 5 min.)");
    }
    if (signed_at > now + window) {
        throw wrong("Signature not yet current: " + given + " is still later than " +
                    aws::sigv4::amz_date(now + window) + " (" + ours + " + 5 min.)");
    }
}

/// The headers named as signed, which must include all that have to be.
http::Pairs signed_pairs(const HttpRequest& request, std::string_view names) {
    const std::vector<std::string> listed = split(names, ';');
    const auto is_listed = [&listed](const std::string& name) {
        return std::ranges::find(listed, name) != listed.end();
    };
    if (!is_listed("host")) throw wrong("'Host' must be a 'SignedHeader' in the Authorization.");
    http::Pairs pairs;
    for (const Header& header : request.headers) {
        if (is_listed(header.name)) {
            pairs.emplace_back(header.name, header.value);
        } else if (header.name.starts_with("x-amz-")) {
            throw wrong("'" + header.name + "' must be a 'SignedHeader' in the Authorization.");
        }
    }
    return pairs;
}

/// What a request says about its signature.
struct Claim {
    std::string access_key_id;
    std::string scope;
    std::string signed_names;
    std::string signature;
    WallTime time;
};

Claim read_claim(const HttpRequest& request) {
    const std::string* header = find(request.headers, "authorization");
    if (header == nullptr) {
        throw AwsException{.type = "MissingAuthenticationTokenException",
                           .message = "Request is missing Authentication Token"};
    }
    if (!header->starts_with(algorithm)) {
        throw incomplete("Unsupported AWS 'algorithm': '" + header->substr(0, header->find(' ')) +
                         "'.");
    }
    const std::string credential = part(*header, "Credential");
    const auto slash = credential.find('/');
    if (slash == std::string::npos) throw incomplete("Credential has no scope.");
    const std::string* date = find(request.headers, "x-amz-date");
    const auto time = date == nullptr ? std::nullopt : parse_amz_date(*date);
    if (!time) throw incomplete("Authorization header requires existence of a valid 'X-Amz-Date'.");
    return {.access_key_id = credential.substr(0, slash),
            .scope = credential.substr(slash + 1),
            .signed_names = part(*header, "SignedHeaders"),
            .signature = part(*header, "Signature"),
            .time = *time};
}

/// Of `20261121/eu-west-1/kms/aws4_request`.
std::string region_in(std::string_view scope) {
    const std::vector<std::string> parts = split(scope, '/');
    return parts.size() > 1 ? parts[1] : std::string();
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

SignatureCheck::SignatureCheck(LocalCredentials credentials, std::string region,
                               std::string service)
    : credentials_(std::move(credentials)),
      region_(std::move(region)),
      service_(std::move(service)) {}

std::string SignatureCheck::check(const HttpRequest& request, WallTime now) const {
    const Claim claim = read_claim(request);
    const std::string* token = find(request.headers, "x-amz-security-token");
    if (claim.access_key_id != credentials_.access_key_id ||
        !same(token == nullptr ? "" : *token, credentials_.session_token)) {
        throw unknown_client();
    }
    const Scope scope{.time = claim.time,
                      .region = region_.empty() ? region_in(claim.scope) : region_,
                      .service = service_};
    if (claim.scope != aws::sigv4::scope_text(scope)) {
        throw wrong("Credential should be scoped to a valid date, region and service: '" +
                    claim.scope + "'.");
    }
    const http::Pairs headers = signed_pairs(request, claim.signed_names);
    check_age(claim.time, now);
    const std::string canonical =
        aws::sigv4::canonical_request({.method = request.method,
                                       .path = std::string(request.path()),
                                       .query = {},
                                       .headers = headers,
                                       .body = request.body});
    const std::string ours =
        aws::sigv4::signature(aws::sigv4::signing_key(scope, credentials_.secret_access_key),
                              aws::sigv4::string_to_sign(scope, canonical));
    if (!same(ours, claim.signature)) {
        throw wrong(
            "The request signature we calculated does not match the signature you "
            "provided. Check your AWS Secret Access Key and signing method. Consult the "
            "service documentation for details.\n\nThe Canonical String for this request should "
            "have been\n'" +
            canonical + "'\n");
    }
    return scope.region;
}

}  // namespace redoubt::standins
