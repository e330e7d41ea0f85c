// SPDX-License-Identifier: Apache-2.0
#include "waiting_runner.hpp"

#include <algorithm>
#include <stdexcept>

#include <fakes/aws_answer.hpp>

namespace redoubt::simulation {

void WaitingRunner::run(std::span<io::Exchange* const> exchanges, SteadyTime until) {
    deadline = until;
    const auto [remote, local] = http::sort_exchanges(exchanges);
    for (http::Exchange* exchange : remote) take_off(*exchange);
    compute(local);
    while (!flights.empty()) {
        for (http::Exchange* exchange : remote) {
            const bool is_over = time_.steady >= std::min(deadline, exchange->give_up_at());
            if (is_over && is_under_way(exchange)) abandon(*exchange);
        }
        const auto landed = std::ranges::find_if(
            flights, [](const Flight& flight) { return flight.arrived.has_value(); });
        if (landed == flights.end()) {
            if (!flights.empty()) fiber_.wait();
            continue;
        }
        Flight flight = std::move(*landed);
        flights.erase(landed);
        land(std::move(flight));
    }
}

/// At any moment of the calls beside it: they are sent, acted on and answered, or not yet. What was
/// answered is heard afterwards.
void WaitingRunner::compute(std::span<io::LocalExchange* const> exchanges) {
    if (exchanges.empty()) return;
    if (!flights.empty()) {
        is_to_compute = true;
        fiber_.wait();
        is_to_compute = false;
    }
    for (io::LocalExchange* exchange : exchanges) {
        if (time_.steady < deadline) exchange->compute();
    }
}

void WaitingRunner::abandon(http::Exchange& exchange) {
    std::erase_if(flights, [&](const Flight& one) { return one.exchange == &exchange; });
    exchange.on_response(test::lost(http::TransportFailure::Deadline));
}

/// The first answer of two that settles it counts; any other only if there is no other call.
void WaitingRunner::land(Flight flight) {
    const auto& arrived = *flight.arrived;
    const bool has_rival = is_under_way(flight.exchange);
    if (has_rival && (!arrived || !flight.exchange->settles(*arrived))) {
        ++losses;
        return;
    }
    std::erase_if(flights,
                  [&flight](const Flight& one) { return one.exchange == flight.exchange; });
    flight.exchange->on_response(*flight.arrived);
    take_off(*flight.exchange);
}

bool WaitingRunner::hedge(Flight& slow) {
    slow.hedge_after.reset();
    http::Exchange& exchange = *slow.exchange;
    auto call = exchange.hedge_request(slow.call);
    if (!call) return false;
    const Milliseconds time_limit = slow.time_limit;
    if (call->body != slow.call.body) throw std::logic_error("a hedge carries another body");
    add(exchange, std::move(*call)).time_limit = time_limit;
    return true;
}

void WaitingRunner::take_off(http::Exchange& exchange) {
    auto next = exchange.next();
    if (!next) return;
    Flight& flight = add(exchange, std::move(next->request));
    flight.not_before = next->not_before;
    flight.hedge_after = next->hedge_after;
    flight.time_limit = next->time_limit.value_or(flight.time_limit);
}

Flight& WaitingRunner::add(http::Exchange& exchange, http::ClientRequest call) {
    Flight& flight = flights.emplace_back();
    flight.exchange = &exchange;
    flight.call = std::move(call);
    flight.body = test::body_of(flight.call);
    return flight;
}

bool WaitingRunner::is_under_way(const http::Exchange* exchange) const {
    return std::ranges::find(flights, exchange, &Flight::exchange) != flights.end();
}

}  // namespace redoubt::simulation
