// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include <redoubt/http/exchange.hpp>

#include "random.hpp"

namespace redoubt::simulation {

/// What goes wrong with one call.
struct Fault {
    std::string name;
    bool is_done = false;  // whether the service acted nevertheless
    bool is_lasting =
        false;  // whether a failure is in order: a table that lies is no passing fault
};

/// A fault that a call of that operation can meet.
[[nodiscard]] Fault draw_fault(const std::string& operation, Random& random);

/// What the caller of `call` hears instead of `response`, which the service gave if it acted.
/// `falsify` makes another row of one.
[[nodiscard]] http::ResponseOrError answer_with_fault(const Fault& fault, const Json& call,
                                                      http::Response response,
                                                      const std::function<void(Json& row)>& falsify,
                                                      WallTime now);

/// Whether the caller nevertheless reads the row in `response`.
[[nodiscard]] bool keeps_row(const Fault& fault, const http::Response& response);

}  // namespace redoubt::simulation
