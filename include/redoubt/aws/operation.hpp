// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <redoubt/aws/service.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/http/exchange.hpp>

namespace redoubt::aws {

/// What a service answered.
struct Reply {
    std::string error;  // empty for success; else the one error that the caller expects
    Json body;
    WallTime date;  // the service's own time
};

/// One operation of an AWS service: up to three calls with growing, jittered pauses, each signed
/// afresh, until the service says something that counts. Whoever repeats must know that a call
/// without an answer may have been acted on.
class Operation final : public http::Dialogue {
public:
    using MakeBody = std::function<std::string()>;

    /// `make_body` is asked before each call. `expected_error`: an error code that is an answer
    /// rather than a failure, e.g. ConditionalCheckFailedException.
    Operation(Service& service, std::string name, MakeBody make_body,
              std::string expected_error = {});

    std::optional<Next> next() override;
    void heard(const http::Answer& answer) override;
    [[nodiscard]] http::Effort effort() const override { return effort_; }

    /// After the driver returned. Errors: the service's `unavailable` and `refused`,
    /// credentials_expired, deadline.
    [[nodiscard]] const Result<Reply>& outcome() const { return outcome_; }

private:
    void judge(const http::Response& response);
    void judge_error(const http::Response& response, Json body, WallTime date);
    void repeat(const std::string& why, bool at_once = false);
    void end(Result<Reply> outcome);

    Service& service_;
    std::string name_;
    MakeBody make_body_;
    std::string expected_error_;
    bool finished_ = false;
    SteadyTime not_before_{};
    std::optional<SteadyTime> started_;
    WallTime signed_at_{};
    http::Effort effort_;
    Result<Reply> outcome_;
};

}  // namespace redoubt::aws
