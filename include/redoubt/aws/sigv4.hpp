// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <redoubt/aws/credentials.hpp>
#include <redoubt/base/bytes.hpp>
#include <redoubt/base/clock.hpp>
#include <redoubt/http/message.hpp>

/// AWS Signature Version 4 (AWS4-HMAC-SHA256) in pure steps.
/// Source: "Create a signed AWS API request", AWS IAM user guide.
namespace redoubt::aws::sigv4 {

/// What is signed. `path` is sent as it stands here and encoded (once more) for signing; `query` is
/// decoded. Header names may have any case; headers of one name are joined.
struct Message {
    std::string method;
    std::string path;
    http::Pairs query;
    http::Pairs headers;
    std::string_view body;
};

/// Where and when a signature holds.
struct Scope {
    WallTime time;
    std::string region;
    std::string service;
};

/// `20261121T093000Z`, the value of `X-Amz-Date`.
[[nodiscard]] std::string amz_date(WallTime time);
/// `20261121/eu-west-1/kms/aws4_request`
[[nodiscard]] std::string scope_text(const Scope& scope);
/// The names of the headers, sorted, joined by `;`.
[[nodiscard]] std::string signed_headers(const http::Pairs& headers);

[[nodiscard]] std::string canonical_request(const Message& message);
[[nodiscard]] std::string string_to_sign(const Scope& scope, std::string_view canonical_request);
/// Holds for the whole day of `scope` (UTC).
[[nodiscard]] ByteArray<32> signing_key(const Scope& scope, std::string_view secret_access_key);
[[nodiscard]] std::string signature(const ByteArray<32>& signing_key,
                                    std::string_view string_to_sign);

/// All steps: the value of the `Authorization` header over all headers of `message`.
[[nodiscard]] std::string authorization(const Message& message, const Scope& scope,
                                        const Credentials& credentials);
/// The same, with the signing key of that scope.
[[nodiscard]] std::string authorization(const Message& message, const Scope& scope,
                                        std::string_view access_key_id,
                                        const ByteArray<32>& signing_key);

}  // namespace redoubt::aws::sigv4
