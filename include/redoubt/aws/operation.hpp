// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <redoubt/aws/service.hpp>
#include <redoubt/base/guarded.hpp>
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

enum class Remedy;  // src/aws/error_code.hpp

/// Whether a call that is unusually slow is raced by a second one. Only for operations that the
/// service may carry out twice, at any time and in any order, without harm.
enum class Hedge { Never, WhenSlow };

/// One operation of an AWS service, which outlives it: up to three tries with growing, jittered
/// pauses, each signed afresh, until the service says something that counts. A try is a call, or
/// two if it is hedged. A refusal counts when it comes twice: any single fault costs a repetition,
/// never the operation. Whoever repeats must know that a call without an answer may have been acted
/// on.
class Operation final : public http::Exchange {
public:
    using MakeBody = std::function<std::string()>;

    /// `make_body` is asked before each try: both of its calls carry that body, so that whichever
    /// is answered, it answers the last body made. `expected_error`: an error code that is an
    /// answer rather than a failure, e.g. ConditionalCheckFailedException. `secret_member`: a text
    /// of the answer in base64 that goes into guarded memory and nowhere else; the reply's body has
    /// an empty text in its place.
    Operation(Service& service, std::string name, MakeBody make_body,
              std::string expected_error = {}, Hedge hedge = Hedge::Never,
              std::string secret_member = {});

    std::optional<Next> next() override;
    std::optional<http::ClientRequest> hedge_request(const http::ClientRequest& slow) override;
    void on_send() noexcept override { ++stats_.calls; }
    bool settles(const http::Response& response) override;
    void on_response(const http::ResponseOrError& response) override;
    [[nodiscard]] io::CallStats stats() const override { return stats_; }

    /// Whether `outcome` is what it stays.
    [[nodiscard]] bool is_finished() const { return finished_; }
    /// After the runner returned. Errors: the service's `unavailable` and `refused`,
    /// credentials_expired, deadline.
    [[nodiscard]] const Result<Reply>& outcome() const { return outcome_; }
    /// What the reply's secret member decoded to, once. Nothing: it is not there, or not in base64.
    [[nodiscard]] std::optional<GuardedBytes> take_secret() {
        return std::exchange(secret_, std::nullopt);
    }

private:
    [[nodiscard]] std::optional<Milliseconds> time_of_try() const;
    [[nodiscard]] std::optional<Json> read(const http::Response& response);
    void judge(const http::Response& response);
    void judge_error(const http::Response& response, std::optional<Json> body,
                     std::optional<WallTime> date);
    [[nodiscard]] bool is_expected(std::string_view code) const;
    [[nodiscard]] bool was_misdated(WallTime date) const;
    [[nodiscard]] std::string why_no_answer() const;
    void refuse(Remedy remedy, const std::string& reason, std::string detail);
    void repeat(const std::string& why, bool at_once = false);
    /// Takes down which answer came, and whether it is what was asked for.
    void name_answer(const http::Response& response, bool is_good);
    /// Takes down what a try met; `status` if it was an answer.
    void failed(std::string code, int status = 0);
    void end(Result<Reply> outcome);

    Service& service_;
    std::string name_;
    MakeBody make_body_;
    std::string expected_error_;
    Hedge hedge_;
    std::string secret_member_;
    std::optional<GuardedBytes> secret_;  // of the last answer
    bool finished_ = false;
    bool was_refused_ = false;
    int tries_ = 0;
    int calls_before_ = 0;      // the last try
    std::string last_trouble_;  // of the try before
    SteadyTime not_before_{};
    SteadyTime asked_at_{};  // the last try
    std::optional<SteadyTime> started_;
    WallTime signed_at_{};        // the last try
    WallTime signed_again_at_{};  // its second call, or the same
    io::CallStats stats_;
    Result<Reply> outcome_;
};

}  // namespace redoubt::aws
