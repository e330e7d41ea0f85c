// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

#include <algorithm>
#include <stdexcept>

#include <fakes/aws_answer.hpp>

namespace redoubt::simulation {
namespace {

// Much earlier and more often than the product does, so that it is the rule in every world.
constexpr aws::HedgingRules eager{.share = 0.5, .samples = 1, .factor = 0.5};

Outcome refusal(const Error& error) {
    return {tezos::status_of(error.code), std::string(name(error.code)), {}};
}

Outcome read(const tezos::Answered& answered) {
    if (answered.error) return refusal(*answered.error);
    const auto body = parse_json(answered.response.body);
    const std::string* signature = body ? string_member(*body, "signature") : nullptr;
    return {answered.response.status, {}, signature == nullptr ? std::string() : *signature};
}

}  // namespace

void WaitingRunner::run(std::span<http::Exchange* const> exchanges, SteadyTime until) {
    deadline = until;
    for (http::Exchange* exchange : exchanges) take_off(*exchange);
    while (!flights.empty()) {
        if (time_.steady >= deadline) {
            for (http::Exchange* exchange : exchanges) {
                if (std::ranges::find(flights, exchange, &Flight::exchange) == flights.end()) {
                    continue;
                }
                exchange->on_response(
                    std::unexpected(http::TransportError{http::TransportFailure::Deadline}));
            }
            flights.clear();
            return;
        }
        fiber->wait();
        const auto landed = std::ranges::find_if(
            flights, [](const Flight& flight) { return flight.arrived.has_value(); });
        if (landed == flights.end()) continue;
        Flight flight = std::move(*landed);
        flights.erase(landed);
        land(std::move(flight));
    }
}

/// The first answer of two counts, a loss only if there is no other call.
void WaitingRunner::land(Flight flight) {
    const auto is_other = [&flight](const Flight& one) { return one.exchange == flight.exchange; };
    if (!*flight.arrived && std::ranges::any_of(flights, is_other)) return;
    std::erase_if(flights, is_other);
    flight.exchange->on_response(*flight.arrived);
    take_off(*flight.exchange);
}

bool WaitingRunner::hedge(Flight& slow) {
    slow.hedge_after.reset();
    http::Exchange& exchange = *slow.exchange;
    auto call = exchange.hedge_request(slow.call);
    if (!call) return false;
    if (call->body != slow.call.body) throw std::logic_error("a hedge carries another body");
    add(exchange, std::move(*call));
    return true;
}

Flight& WaitingRunner::add(http::Exchange& exchange, http::ClientRequest call) {
    Flight& flight = flights.emplace_back();
    flight.exchange = &exchange;
    flight.call = std::move(call);
    flight.body = test::body_of(flight.call);
    return flight;
}

void WaitingRunner::take_off(http::Exchange& exchange) {
    auto next = exchange.next();
    if (!next) return;
    Flight& flight = add(exchange, std::move(next->call));
    flight.not_before = next->not_before;
    flight.hedge_after = next->hedge_after;
}

Environment::Environment(const Fixtures& fixtures, const Time& time, std::uint64_t seed)
    : clock(time),
      credentials_{"ASIASIMULATED", Secret("secret"), Secret("token")},
      kms_(aws::kms::traits(), {"https://kms.eu-west-1.amazonaws.com"}, "eu-west-1", credentials_,
           corrected_, eager, seed),
      dynamodb_(aws::dynamodb::traits(), {"https://dynamodb.eu-west-1.amazonaws.com"}, "eu-west-1",
                credentials_, corrected_, eager, seed + 1),
      runner_(time),
      store_(dynamodb_, table_name),
      signer_(kms_, fixtures.arns()),
      ports_{store_, signer_, runner_, clock},
      api_(fixtures.settings(), ports_, [](SteadyTime /*deadline*/) {}),
      commands_({"simulated", table_name, fixtures.arn_texts(), fixtures.settings().consensus_keys,
                 fixtures.settings().authorized_keys},
                dynamodb_, runner_) {
    runner_.fiber = &fiber_;
}

void Environment::begin(const Prepared& prepared, bool over_http, SteadyTime deadline) {
    if (over_http || !prepared.authenticated) {
        fiber_.start([this, &prepared, deadline] {
            tezos::RequestTrace trace;
            outcome_ = read(api_.answer(prepared.request, deadline, trace));
        });
        return;
    }
    fiber_.start([this, &prepared, deadline] {
        tezos::RequestTrace trace;
        const auto signature = sign(*prepared.authenticated, ports_, deadline, trace);
        outcome_ = signature ? Outcome{200, {}, signature->text()} : refusal(signature.error());
    });
}

void Environment::operate(Json command, SteadyTime deadline) {
    fiber_.start([this, command = std::move(command), deadline] {
        const auto answered = commands_.answer(command, deadline);
        outcome_ = answered.error ? refusal(*answered.error) : Outcome{200, {}, {}};
    });
}

bool Environment::go_on() {
    fiber_.resume();
    return fiber_.ended();
}

}  // namespace redoubt::simulation
