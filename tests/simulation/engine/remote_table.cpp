// SPDX-License-Identifier: Apache-2.0
#include "remote_table.hpp"

#include <stdexcept>

namespace redoubt::simulation {
namespace {

constexpr std::chrono::seconds most_time{10};

/// A call on its way, alone.
class OneCall final : public http::Exchange {
public:
    explicit OneCall(http::ClientRequest call) : call_(std::move(call)) {}
    std::optional<Next> next() override {
        if (asked_) return std::nullopt;
        asked_ = true;
        return Next{call_, {}};
    }
    void on_response(const http::ResponseOrError& response) override { answer = response; }
    [[nodiscard]] io::CallStats stats() const override { return {}; }

    http::ResponseOrError answer =
        std::unexpected(http::TransportError{http::TransportFailure::Deadline});

private:
    http::ClientRequest call_;
    bool asked_ = false;
};

}  // namespace

RemoteTable::RemoteTable(const std::string& url)
    : credentials_{"AKIAEXAMPLE", Secret("secret"), Secret("")},
      service_(aws::dynamodb::traits(), {url}, "us-east-1", credentials_, corrected_),
      client_({.trusted_roots = {}, .call_timeout = most_time}, clock_) {}

http::ResponseOrError RemoteTable::call(std::string_view operation, std::string body) {
    OneCall alone(service_.call(operation, std::move(body)));
    io::Exchange* const exchange = &alone;
    client_.run({&exchange, 1}, clock_.steady() + most_time);
    return alone.answer;
}

Json RemoteTable::must_do(std::string_view operation, const Json& body) {
    const auto answer = call(operation, dump(body));
    if (!answer || answer->status != 200) {
        throw std::runtime_error(std::string(operation) + ": " +
                                 (answer ? answer->body : answer.error().detail));
    }
    return parse_json(answer->body).value();
}

}  // namespace redoubt::simulation
