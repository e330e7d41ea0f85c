// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>

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
    State state = State::Pausing;
    Reply reply;
    std::optional<http::ResponseOrError> arrived;  // for the exchange to hear
};

/// Whether a call is for the table; else it is for KMS.
[[nodiscard]] inline bool is_for_table(const http::ClientRequest& call) {
    return call.origin.starts_with("https://dynamodb.");
}

/// Whether it changes the table. Else it is for KMS, or an operator's read.
[[nodiscard]] inline bool is_write(const http::ClientRequest& call) {
    return std::ranges::any_of(call.headers, [](const auto& header) {
        return header.first == "X-Amz-Target" && header.second.ends_with(".UpdateItem");
    });
}

}  // namespace redoubt::simulation
