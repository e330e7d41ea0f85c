// SPDX-License-Identifier: Apache-2.0
#include "error_code.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <redoubt/base/text.hpp>

namespace redoubt::aws {
namespace {

struct KnownCode {
    std::string_view code;
    Remedy remedy;
};

// Sources: KMS and DynamoDB API references, "Common errors" and "Error handling", and what AWS's
// SDKs repeat. Whatever is not here needs the operator, or is told by its status.
constexpr std::array known_codes = {
    KnownCode{"ThrottlingException", Remedy::Pause},
    KnownCode{"Throttling", Remedy::Pause},
    KnownCode{"ThrottledException", Remedy::Pause},
    KnownCode{"TooManyRequestsException", Remedy::Pause},
    KnownCode{"RequestLimitExceeded", Remedy::Pause},
    KnownCode{"RequestThrottled", Remedy::Pause},
    KnownCode{"RequestThrottledException", Remedy::Pause},
    KnownCode{"LimitExceededException", Remedy::Pause},
    KnownCode{"ProvisionedThroughputExceededException", Remedy::Pause},
    KnownCode{"ReplicatedWriteConflictException", Remedy::Repetition},
    KnownCode{"TransactionConflictException", Remedy::Repetition},
    KnownCode{"TransactionInProgressException", Remedy::Repetition},
    KnownCode{"DependencyTimeoutException", Remedy::Repetition},
    KnownCode{"KeyUnavailableException", Remedy::Repetition},
    KnownCode{"KMSInternalException", Remedy::Repetition},
    KnownCode{"InternalServerError", Remedy::Repetition},
    KnownCode{"InternalFailure", Remedy::Repetition},
    KnownCode{"ServiceUnavailable", Remedy::Repetition},
    KnownCode{"RequestTimeout", Remedy::Repetition},
    KnownCode{"RequestTimeoutException", Remedy::Repetition},
    KnownCode{"ExpiredTokenException", Remedy::FreshCredentials},
    KnownCode{"ExpiredToken", Remedy::FreshCredentials},
    KnownCode{"TokenRefreshRequired", Remedy::FreshCredentials},
    KnownCode{"UnrecognizedClientException", Remedy::FreshCredentials},
    KnownCode{"InvalidClientTokenId", Remedy::FreshCredentials},
    KnownCode{"InvalidClientTokenIdException", Remedy::FreshCredentials},
    KnownCode{"InvalidAccessKeyId", Remedy::FreshCredentials},
    KnownCode{"InvalidToken", Remedy::FreshCredentials},
    KnownCode{"ConditionalCheckFailedException", Remedy::None},
};
constexpr int too_many_requests = 429;
constexpr int first_of_the_servers_own = 500;

/// Codes are logged, so whoever answers in AWS's place must not fill the log with one.
constexpr std::size_t longest_code = 64;
constexpr std::size_t longest_message = 300;
/// Of a longer one nobody can say soon enough what it repeats.
constexpr std::size_t longest_judged = 8192;
/// So long a part of a secret is no chance.
constexpr std::size_t telling_part = 16;

// What stands in a signed request, its canonical form or its string to sign, in lower case.
constexpr std::array<std::string_view, 6> marks = {"aws4-hmac-sha256", "aws4_request",
                                                   "x-amz-",           "canonical string",
                                                   "string-to-sign",   "credential="};

bool holds_part_of(std::string_view text, std::string_view secret) {
    if (secret.empty()) return false;
    const std::size_t size = std::min(telling_part, secret.size());
    for (std::size_t i = 0; i + size <= secret.size(); ++i) {
        if (text.contains(secret.substr(i, size))) return true;
    }
    return false;
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '-';
}

const KnownCode* find_known(std::string_view code) {
    const auto* const known = std::ranges::find(known_codes, code, &KnownCode::code);
    return known == known_codes.end() ? nullptr : known;
}

/// `[namespace#]Code[:uri]` → Code. Empty if it may not be logged.
std::string_view code_in(std::string_view type, const Credentials& credentials) {
    std::string_view code = type.substr(0, type.find(':'));
    const std::size_t hash = code.rfind('#');
    code = hash == std::string_view::npos ? code : code.substr(hash + 1);
    code = code.substr(0, longest_code);
    // The search for secrets takes its time, and an exact retry meets a known code.
    if (find_known(code) != nullptr) return code;
    return std::ranges::all_of(code, is_word) && !repeats_request(code, credentials)
               ? code
               : std::string_view();
}

}  // namespace

std::string error_code(const http::Response& response, const Json& body,
                       const Credentials& credentials) {
    std::string_view code = code_in(http::header(response, "x-amzn-errortype"), credentials);
    for (const std::string_view name : {"code", "__type"}) {
        const std::string* type = code.empty() ? string_member(body, name) : nullptr;
        if (type != nullptr) code = code_in(*type, credentials);
    }
    return std::string(code);
}

Remedy remedy_of(std::string_view code, int status) {
    if (const KnownCode* known = find_known(code)) return known->remedy;
    if (status == too_many_requests) return Remedy::Pause;
    return status >= first_of_the_servers_own ? Remedy::Repetition : Remedy::None;
}

std::string message_for_log(const Json& body, const Credentials& credentials) {
    // Both spellings occur.
    const std::string* message = string_member(body, "message");
    if (message == nullptr) message = string_member(body, "Message");
    if (message == nullptr) return {};
    if (repeats_request(*message, credentials)) {
        return "AWS's words are withheld: they are too long, or repeat the request or credentials";
    }
    return message->substr(0, message->find('\n')).substr(0, longest_message);
}

bool repeats_request(std::string_view text, const Credentials& credentials) {
    if (text.size() > longest_judged) return true;
    const std::string low = lower_case(text);
    return std::ranges::any_of(marks, [&low](auto mark) { return low.contains(mark); }) ||
           holds_part_of(text, credentials.access_key_id) ||
           holds_part_of(text, credentials.secret_access_key.expose()) ||
           holds_part_of(text, credentials.session_token.expose());
}

}  // namespace redoubt::aws
