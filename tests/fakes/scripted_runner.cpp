// SPDX-License-Identifier: Apache-2.0
#include "scripted_runner.hpp"

#include <algorithm>
#include <stdexcept>

namespace redoubt::test {

void ScriptedRunner::run(std::span<http::Exchange* const> exchanges, SteadyTime deadline) {
    ++runs;
    most_at_once = std::max(most_at_once, exchanges.size());
    std::vector<http::Exchange*> going(exchanges.begin(), exchanges.end());
    while (!going.empty()) {
        std::erase_if(going, [&](http::Exchange* exchange) { return !step(*exchange, deadline); });
    }
}

bool ScriptedRunner::step(http::Exchange& exchange, SteadyTime deadline) {
    const auto next = exchange.next();
    if (!next) return false;
    clock_.advance_to(std::min(next->not_before, deadline));
    if (clock_.steady() >= deadline) {
        exchange.on_response(
            std::unexpected(http::TransportError{http::TransportFailure::Deadline}));
        return false;
    }
    exchange.on_send();
    calls.push_back({next->call, clock_.steady()});
    if (!script_) throw std::logic_error("a call that no script foresees");
    exchange.on_response(script_(next->call));
    return true;
}

}  // namespace redoubt::test
