// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <fakes/aws_answer.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/http/exchange.hpp>

namespace redoubt::simulation {

/// What a service replies to a call, and the row of the table that the caller can read in it.
struct Reply {
    http::Response response;
    std::optional<Json> row = {};
};

/// A call under way. Two of one exchange race: one hedges the other.
struct Flight {
    enum class State {
        Pausing,  // not yet sent
        Sent,     // the service has not acted yet
        Answered  // `reply` is on its way back
    };

    http::Exchange* exchange = nullptr;
    http::ClientRequest call;
    Json body;  // of the call
    SteadyTime not_before{};
    SteadyTime sent{};
    std::optional<Milliseconds> hedge_after;
    Milliseconds time_limit{1'000};  // as the client has it for any call
    State state = State::Pausing;
    Reply reply;
    std::optional<http::ResponseOrError> arrived;  // for the exchange to hear
};

/// What is asked of the service, as AWS names it.
[[nodiscard]] inline std::string operation_of(const http::ClientRequest& call) {
    const std::string target = test::header_of(call, "X-Amz-Target");
    return target.substr(target.find('.') + 1);
}

/// Whether a call is for the table; else it is for KMS.
[[nodiscard]] inline bool is_for_table(const http::ClientRequest& call) {
    return call.origin.starts_with("https://dynamodb.");
}

/// Whether it changes the table. Else it is for KMS, or a read.
[[nodiscard]] inline bool is_write(const http::ClientRequest& call) {
    return operation_of(call) == "UpdateItem";
}

}  // namespace redoubt::simulation
