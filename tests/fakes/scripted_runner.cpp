// SPDX-License-Identifier: Apache-2.0
#include "scripted_runner.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace redoubt::test {

void ScriptedRunner::run(std::span<io::Exchange* const> exchanges, SteadyTime deadline) {
    ++runs;
    most_at_once = std::max(most_at_once, exchanges.size());
    auto [remote, local] = http::sort_exchanges(exchanges);
    do {
        std::vector<Sent> round;
        for (http::Exchange* exchange : remote) {
            if (auto sent = send(*exchange, deadline)) round.push_back(std::move(*sent));
        }
        for (io::LocalExchange* exchange : std::exchange(local, {})) exchange->compute();
        remote.clear();
        for (const auto& [exchange, request] : round) {
            if (!script_) throw std::logic_error("a call that no script foresees");
            exchange->on_response(script_(request));
            remote.push_back(exchange);
        }
    } while (!remote.empty());
}

std::optional<ScriptedRunner::Sent> ScriptedRunner::send(http::Exchange& exchange,
                                                         SteadyTime deadline) {
    auto next = exchange.next();
    if (!next) return std::nullopt;
    const SteadyTime end = std::min(deadline, exchange.give_up_at());
    clock_.advance_to(std::min(next->not_before, end));
    if (clock_.steady() >= end) {
        exchange.on_response(
            std::unexpected(http::TransportError{http::TransportFailure::Deadline}));
        return std::nullopt;
    }
    exchange.on_send();
    calls.push_back({next->request, clock_.steady()});
    return Sent{&exchange, std::move(next->request)};
}

}  // namespace redoubt::test
