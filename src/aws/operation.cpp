// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/operation.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <redoubt/crypto/hash.hpp>

#include "error_code.hpp"
#include "secret_member.hpp"

namespace redoubt::aws {
namespace {

constexpr int max_tries = 3;
constexpr Milliseconds first_pause{50};

/// A refusal so far off in time is the clock's fault, whatever its code: SigV4 allows five minutes.
constexpr Milliseconds skew_that_refuses = std::chrono::minutes(4);

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
                     std::string expected_error, Hedge hedge, std::string secret_member)
    : service_(service),
      name_(std::move(name)),
      make_body_(std::move(make_body)),
      expected_error_(std::move(expected_error)),
      hedge_(hedge),
      secret_member_(std::move(secret_member)),
      outcome_(
          fail(Code::Deadline, "there was no time left to ask " + service.traits().display_name)) {}

std::optional<http::Exchange::Next> Operation::next() {
    if (finished_) return std::nullopt;
    if (!started_) started_ = service_.clock().steady();
    ++tries_;
    asked_at_ = std::max(service_.clock().steady(), not_before_);
    signed_at_ = signed_again_at_ = service_.clock().now();
    calls_before_ = stats_.calls;
    Next next{.request = service_.call(name_, make_body_()),
              .not_before = not_before_,
              .time_limit = time_of_try()};
    if (hedge_ == Hedge::WhenSlow) {
        service_.hedging().called();
        next.hedge_after = service_.hedging().delay(service_.clock().steady());
    }
    return next;
}

std::optional<Milliseconds> Operation::time_of_try() const {
    const std::vector<Milliseconds>& times = service_.times_of_tries();
    if (times.empty()) return std::nullopt;
    return times.at(std::min(static_cast<std::size_t>(tries_), times.size()) - 1);
}

std::optional<http::ClientRequest> Operation::hedge_request(const http::ClientRequest& slow) {
    if (hedge_ == Hedge::Never || !service_.hedging().spend(service_.clock().steady()))
        return std::nullopt;
    signed_again_at_ = service_.clock().now();
    return service_.call(name_, slow.body);
}

bool Operation::settles(const http::Response& response) {
    if (const auto date = parse_http_date(http::header(response, "date"))) {
        service_.clock().on_date(*date);
    }
    const auto body = read(response);
    if (body && response.status == 200) return true;
    const std::string code = error_code(response, body.value_or(Json()), service_.credentials());
    if (body && is_expected(code)) return true;
    name_answer(response, false);
    failed(code.empty() ? "status " + std::to_string(response.status) : code, response.status);
    return false;
}

void Operation::on_response(const http::ResponseOrError& response) {
    if (started_) stats_.spent = service_.clock().steady() - *started_;
    if (response) {
        judge(*response);
        const bool is_good = finished_ && outcome_;
        name_answer(*response, is_good);
        // Of two calls, what the baker waited for: less than the slow one would have taken.
        if (is_good && hedge_ == Hedge::WhenSlow) {
            service_.hedging().answered(service_.clock().steady() - asked_at_);
        }
        return;
    }
    failed(code_of(response.error()));
    if (response.error().failure == http::TransportFailure::Deadline) {
        return end(fail(Code::Deadline, why_no_answer()));
    }
    repeat(to_text(response.error()));
}

/// The body, if it is the one that the service sent, as far as it tells.
std::optional<Json> Operation::read(const http::Response& response) {
    if (!is_intact(response)) return std::nullopt;
    std::optional<Json> body;
    if (secret_member_.empty()) {
        body = parse_json(response.body);
    } else if (auto split = split_secret(response.body, secret_member_)) {
        body = parse_json(split->rest);
        secret_ = std::move(split->secret);
    }
    if (!body || !body->is_object()) return std::nullopt;
    return body;
}

void Operation::judge(const http::Response& response) {
    const auto date = parse_http_date(http::header(response, "date"));
    if (date) service_.clock().on_date(*date);
    auto body = read(response);
    if (response.status != 200) return judge_error(response, std::move(body), date);
    if (body) return end(Reply{{}, std::move(*body), date.value_or(service_.clock().now())});
    failed("damaged answer", response.status);
    repeat("a damaged answer");
}

void Operation::judge_error(const http::Response& response, std::optional<Json> body,
                            std::optional<WallTime> date) {
    const std::string code = error_code(response, body.value_or(Json()), service_.credentials());
    // What is expected tells by its body.
    if (body && is_expected(code)) {
        return end(Reply{code, std::move(*body), date.value_or(service_.clock().now())});
    }
    const std::string reason = code.empty() ? "status " + std::to_string(response.status) : code;
    failed(reason, response.status);
    const Remedy remedy = remedy_of(code, response.status);
    if (remedy == Remedy::Pause || remedy == Remedy::Repetition) return repeat(reason);
    if (date && was_misdated(*date)) {
        return repeat("the clocks differ (" + reason + ")", true);
    }
    if (!body && code.empty()) return repeat(reason + " without a reason");
    // Once may be a slip: of an answer on its way, of a right that is not everywhere yet.
    if (!std::exchange(was_refused_, true)) return repeat(reason, true);
    refuse(remedy, reason, body ? message_for_log(*body, service_.credentials()) : std::string());
}

void Operation::refuse(Remedy remedy, const std::string& reason, std::string detail) {
    const ServiceTraits& traits = service_.traits();
    if (remedy == Remedy::FreshCredentials) {
        return end(std::unexpected(
            Error{Code::CredentialsExpired,
                  traits.display_name + " does not take the function's AWS credentials (" + reason +
                      "); repeating the same request is safe and meets fresh ones",
                  std::move(detail)}));
    }
    end(std::unexpected(Error{traits.refused,
                              traits.display_name + " refused " + name_ + ": " + reason +
                                  "; repeating will not help, the operator has to look",
                              std::move(detail)}));
}

bool Operation::is_expected(std::string_view code) const {
    return !expected_error_.empty() && code == expected_error_;
}

/// Of two calls the answer does not tell which one it answers, and the clock may have been
/// corrected between them.
bool Operation::was_misdated(WallTime date) const {
    return std::chrono::abs(date - signed_at_) > skew_that_refuses ||
           std::chrono::abs(date - signed_again_at_) > skew_that_refuses;
}

/// For a deadline: what was never sent was not left unanswered.
std::string Operation::why_no_answer() const {
    const std::string& who = service_.traits().display_name;
    if (stats_.calls == 0) return "there was no time left to ask " + who;
    if (stats_.calls > calls_before_) {
        return who + " did not answer before the deadline; repeating the same request is safe";
    }
    return "there was no time left to ask " + who + " again (last: " + last_trouble_ +
           "); repeating the same request is safe";
}

void Operation::repeat(const std::string& why, bool at_once) {
    const ServiceTraits& traits = service_.traits();
    if (tries_ >= max_tries) {
        return end(fail(traits.unavailable, traits.display_name + " did not do " + name_ + " in " +
                                                std::to_string(tries_) + " tries (last: " + why +
                                                "); repeating the same request is safe"));
    }
    last_trouble_ = why;
    // 50 ms, then 100 ms, each shortened by up to a half so that many callers spread.
    const double pause = static_cast<double>(first_pause.count()) * std::exp2(tries_ - 1) *
                         (1.0 - service_.jitter() / 2.0);
    not_before_ = service_.clock().steady();
    if (!at_once) {
        not_before_ += std::chrono::duration_cast<SteadyTime::duration>(
            std::chrono::duration<double, std::milli>(pause));
    }
}

void Operation::name_answer(const http::Response& response, bool is_good) {
    const io::AnswerId id(http::header(response, "x-amzn-requestid"));
    if (is_good) {
        stats_.answer = id;
    } else if (!id.empty()) {
        stats_.others.push_back(id);
    }
}

void Operation::failed(std::string code, int status) {
    if (status != 0 && remedy_of(code, status) == Remedy::Pause) {
        ++stats_.throttles;
        service_.hedging().throttled(service_.clock().steady());
    }
    stats_.failures.push_back(std::move(code));
}

void Operation::end(Result<Reply> outcome) {
    finished_ = true;
    outcome_ = std::move(outcome);
}

}  // namespace redoubt::aws
