// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/operation.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::aws {
namespace {

constexpr int max_tries = 3;
constexpr Milliseconds first_pause{50};

// Error codes by what helps. Sources: KMS and DynamoDB API references, "Common errors" and
// "Error handling"; which code a wrong clock gets is not documented, so all that SDKs know are
// here.
constexpr std::array<std::string_view, 7> throttled = {"ThrottlingException",
                                                       "Throttling",
                                                       "ThrottledException",
                                                       "TooManyRequestsException",
                                                       "RequestLimitExceeded",
                                                       "LimitExceededException",
                                                       "ProvisionedThroughputExceededException"};
constexpr int too_many_requests = 429;
constexpr std::array<std::string_view, 9> passing = {"ReplicatedWriteConflictException",
                                                     "TransactionConflictException",
                                                     "DependencyTimeoutException",
                                                     "KeyUnavailableException",
                                                     "KMSInternalException",
                                                     "InternalServerError",
                                                     "InternalFailure",
                                                     "ServiceUnavailable",
                                                     "RequestTimeoutException"};
constexpr std::array<std::string_view, 3> expired = {"ExpiredTokenException", "ExpiredToken",
                                                     "TokenRefreshRequired"};
constexpr std::array<std::string_view, 6> clock_errors = {
    "InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired",
    "RequestTimeTooSkewed",      "AuthFailure",           "RequestInTheFuture"};
constexpr Milliseconds skew_that_refuses = std::chrono::minutes(4);

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& codes, std::string_view code) {
    return std::ranges::find(codes, code) != codes.end();
}

bool is_throttle(std::string_view code, int status) {
    return is_one_of(throttled, code) || status == too_many_requests;
}

/// Codes are logged, so whoever answers in AWS's place must not fill the log with one.
constexpr std::size_t longest_code = 64;

/// `[namespace#]Code[:uri]` → Code
std::string code_of(const Json& body) {
    const std::string* type = string_member(body, "__type");
    if (type == nullptr) return {};
    std::string_view code = *type;
    code = code.substr(0, code.find(':'));
    const std::size_t hash = code.rfind('#');
    code = hash == std::string_view::npos ? code : code.substr(hash + 1);
    return std::string(code.substr(0, longest_code));
}

/// What may be logged of a service's message. To a signature that does not hold, services answer
/// the request as they read it, session token included.
std::string message_of(const Json& body, std::string_view code) {
    if (is_one_of(clock_errors, code) || code == "IncompleteSignature") return {};
    // Both spellings occur.
    const std::string* message = string_member(body, "message");
    if (message == nullptr) message = string_member(body, "Message");
    return message == nullptr ? std::string()
                              : message->substr(0, message->find('\n')).substr(0, 300);
}

/// Whether the body is the one that the service sent, as far as it tells.
bool is_intact(const http::Response& response) {
    const std::string_view sent = http::header(response, "x-amz-crc32");
    if (sent.empty()) return true;
    std::uint32_t checksum = 0;
    const auto [end, error] = std::from_chars(sent.begin(), sent.end(), checksum);
    return error == std::errc() && end == sent.end() &&
           checksum == crypto::crc32(bytes_of(response.body));
}

std::string code_of(const http::TransportError& error) {
    switch (error.failure) {
        case http::TransportFailure::Connection: return "connection failed";
        case http::TransportFailure::Timeout: return "timeout";
        case http::TransportFailure::Deadline: return "deadline";
    }
    return "lost";
}

std::string to_text(const http::TransportError& error) {
    return error.failure == http::TransportFailure::Timeout
               ? "no answer in time"
               : "the connection failed: " + error.detail;
}

}  // namespace

Operation::Operation(Service& service, std::string name, MakeBody make_body,
                     std::string expected_error, Hedge hedge)
    : service_(service),
      name_(std::move(name)),
      make_body_(std::move(make_body)),
      expected_error_(std::move(expected_error)),
      hedge_(hedge),
      outcome_(
          fail(Code::Deadline, "there was no time left to ask " + service.traits().display_name)) {}

std::optional<http::Exchange::Next> Operation::next() {
    if (finished_) return std::nullopt;
    if (!started_) started_ = service_.clock().steady();
    ++tries_;
    asked_at_ = std::max(service_.clock().steady(), not_before_);
    signed_at_ = signed_again_at_ = service_.clock().now();
    Next next{service_.call(name_, make_body_()), not_before_};
    if (hedge_ == Hedge::WhenSlow) {
        service_.hedging().called();
        next.hedge_after = service_.hedging().delay();
    }
    return next;
}

std::optional<http::ClientRequest> Operation::hedge_request(const http::ClientRequest& slow) {
    if (hedge_ == Hedge::Never || !service_.hedging().spend()) return std::nullopt;
    signed_again_at_ = service_.clock().now();
    return service_.call(name_, slow.body);
}

void Operation::on_response(const http::ResponseOrError& response) {
    if (started_) stats_.spent = service_.clock().steady() - *started_;
    if (response) {
        judge(*response);
        const bool is_good = finished_ && outcome_;
        // Of two calls, what the baker waited for: less than the slow one would have taken.
        if (is_good && hedge_ == Hedge::WhenSlow) {
            service_.hedging().answered(service_.clock().steady() - asked_at_);
        }
        return;
    }
    failed(code_of(response.error()));
    if (response.error().failure == http::TransportFailure::Deadline) {
        return end(fail(Code::Deadline, service_.traits().display_name +
                                            " did not answer before the deadline; repeating the "
                                            "same request is safe"));
    }
    repeat(to_text(response.error()));
}

void Operation::judge(const http::Response& response) {
    const auto given = parse_http_date(http::header(response, "date"));
    if (given) service_.clock().on_date(*given);
    const WallTime date = given.value_or(service_.clock().now());
    auto body = parse_json(response.body);
    if (!is_intact(response) || !body || !body->is_object()) {
        const std::string status = "status " + std::to_string(response.status);
        failed(response.status == 200 ? "damaged answer" : status, response.status);
        return repeat(response.status == 200 ? "a damaged answer" : status + " without a reason");
    }
    if (response.status == 200) return end(Reply{{}, std::move(*body), date});
    judge_error(response, std::move(*body), date);
}

void Operation::judge_error(const http::Response& response, Json body, WallTime date) {
    const std::string code = code_of(body);
    const ServiceTraits& traits = service_.traits();
    if (!expected_error_.empty() && code == expected_error_) {
        return end(Reply{code, std::move(body), date});
    }
    const std::string reason = code.empty() ? "status " + std::to_string(response.status) : code;
    failed(reason, response.status);
    if (is_one_of(expired, code)) {
        return end(fail(Code::CredentialsExpired,
                        "the function's AWS credentials expired; repeating the same request is "
                        "safe and meets fresh ones"));
    }
    if (is_one_of(clock_errors, code) && was_misdated(date)) {
        return repeat("the clocks differ (" + code + ")", true);
    }
    if (is_throttle(code, response.status) || is_one_of(passing, code) || response.status >= 500) {
        return repeat(reason);
    }
    end(std::unexpected(Error{traits.refused,
                              traits.display_name + " refused " + name_ + ": " + reason +
                                  "; repeating will not help, the operator has to look",
                              message_of(body, code)}));
}

/// Of two calls the answer does not tell which one it answers, and the clock may have been
/// corrected between them.
bool Operation::was_misdated(WallTime date) const {
    return std::chrono::abs(date - signed_at_) > skew_that_refuses ||
           std::chrono::abs(date - signed_again_at_) > skew_that_refuses;
}

void Operation::repeat(const std::string& why, bool at_once) {
    const ServiceTraits& traits = service_.traits();
    if (tries_ >= max_tries) {
        return end(fail(traits.unavailable, traits.display_name + " did not do " + name_ + " in " +
                                                std::to_string(tries_) + " tries (last: " + why +
                                                "); repeating the same request is safe"));
    }
    // 50 ms, then 100 ms, each shortened by up to a half so that many callers spread.
    const double pause = static_cast<double>(first_pause.count()) * std::exp2(tries_ - 1) *
                         (1.0 - service_.jitter() / 2.0);
    not_before_ = service_.clock().steady();
    if (!at_once) {
        not_before_ += std::chrono::duration_cast<SteadyTime::duration>(
            std::chrono::duration<double, std::milli>(pause));
    }
}

void Operation::failed(std::string code, int status) {
    if (is_throttle(code, status)) ++stats_.throttles;
    stats_.failures.push_back(std::move(code));
}

void Operation::end(Result<Reply> outcome) {
    finished_ = true;
    outcome_ = std::move(outcome);
}

}  // namespace redoubt::aws
