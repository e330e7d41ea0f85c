// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <algorithm>
#include <array>

#include <fakes/aws_answer.hpp>

#include "fault.hpp"

namespace redoubt::simulation {
namespace {

/// By how much the time that a call is signed at may be off, as AWS has it for SigV4.
constexpr std::chrono::minutes signature_slack{5};

/// The time that SigV4 says a call was signed at: `20261121T100000Z`.
WallTime signed_at(const http::ClientRequest& call) {
    const std::string text = test::header_of(call, "X-Amz-Date");
    const auto part = [&text](std::size_t at, std::size_t size) {
        return std::stoi(text.substr(at, size));
    };
    const std::chrono::year_month_day day{std::chrono::year(part(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                          std::chrono::day(static_cast<unsigned>(part(6, 2)))};
    return std::chrono::sys_days(day) + std::chrono::hours(part(9, 2)) +
           std::chrono::minutes(part(11, 2)) + std::chrono::seconds(part(13, 2));
}

}  // namespace

Calls::Calls(Context& context, World& world)
    : context_(context), world_(world), dates_matter_(context.profile.clocks_are_wrong) {}

void Calls::go_on(Machine& machine) {
    auto& flights = machine.runner.flights;
    const auto is_given_up = [&](const Flight& flight) {
        const SteadyTime end = std::min(machine.runner.deadline, flight.exchange->give_up_at());
        return context_.time.steady >= end;
    };
    if (flights.empty() || std::ranges::any_of(flights, is_given_up)) return machine.go_on();
    if (machine.runner.is_to_compute && context_.random.below(4) == 0) return machine.go_on();
    move(machine, flights[context_.random.below(flights.size())]);
}

void Calls::move(Machine& machine, Flight& flight) {
    const SteadyTime now = context_.time.steady;
    if (flight.state == Flight::State::Pausing) {
        return flight.not_before <= now ? send(machine, flight) : context_.pass_time(50'000);
    }
    if (now - flight.sent >= flight.time_limit) {
        context_.note("a call times out");
        world_.on_fault(machine, false);
        return hear(machine, flight, test::lost(http::TransportFailure::Timeout));
    }
    if (hedge(machine, flight)) return;
    if (flight.state == Flight::State::Sent) return arrive(machine, flight);
    deliver(machine, flight);
}

void Calls::send(Machine& machine, Flight& flight) {
    flight.state = Flight::State::Sent;
    flight.sent = context_.time.steady;
    world_.on_call(machine, flight);
    // What is signed for another time than now is never taken.
    if (!is_write(flight.call) || is_misdated(flight.call)) return;
    if (!world_.may_come_late(flight.body)) return;
    old_writes_.sent(flight.body, context_.random);
}

/// Whether a second call begins beside this one, which is then no longer valid.
bool Calls::hedge(Machine& machine, Flight& flight) {
    const auto passed = context_.time.steady - flight.sent;
    if (!flight.hedge_after || passed < *flight.hedge_after) return false;
    const bool is_table = is_for_table(flight.call);
    if (!machine.runner.hedge(flight)) return false;
    context_.note(is_table ? "the commit is hedged" : "KMS is hedged");
    context_.count(is_table ? "hedges: table" : "hedges: KMS");
    return true;
}

/// The service acts, or not.
void Calls::arrive(Machine& machine, Flight& flight) {
    flight.state = Flight::State::Answered;
    if (auto refusal = refusal_of(machine, flight.call)) {
        world_.on_fault(machine, machine.has_expired_credentials);
        flight.reply = {std::move(*refusal)};
        return;
    }
    if (context_.random.chance(context_.profile.faults)) return meet_fault(machine, flight);
    flight.reply = world_.act(flight);
    // What an HTTP client does on a dead connection: the same bytes once more.
    if (context_.random.chance(context_.profile.faults)) {
        context_.note("a call is sent twice");
        flight.reply = world_.act(flight);
    }
}

void Calls::meet_fault(Machine& machine, Flight& flight) {
    const bool is_table = is_for_table(flight.call);
    const Fault fault = draw_fault(operation_of(flight.call), context_.random);
    context_.note((is_table ? "table: " : "KMS: ") + fault.name);
    context_.count((is_table ? "trouble: table, " : "trouble: KMS, ") + fault.name);
    world_.on_fault(machine, fault.is_lasting);
    Reply reply;
    if (fault.is_done) reply = world_.act(flight);
    const bool keeps = keeps_row(fault, reply.response);
    hear(machine, flight,
         answer_with_fault(
             fault, flight.body, std::move(reply.response),
             [this](Json& row) { world_.falsify(row); }, context_.time.wall),
         keeps ? reply.row : std::nullopt);
}

void Calls::deliver(Machine& machine, Flight& flight) {
    if (context_.random.chance(context_.profile.faults / 2)) {
        context_.note("an answer is lost");
        world_.on_fault(machine, false);
        return hear(machine, flight, test::lost(http::TransportFailure::Connection));
    }
    hear(machine, flight, std::move(flight.reply.response), flight.reply.row);
}

/// The request goes on with the answer; then the flight is no longer valid.
void Calls::hear(Machine& machine, Flight& flight, http::ResponseOrError answer,
                 const std::optional<Json>& row) {
    if (answer) abandon_rivals(machine, flight);
    if (row) world_.on_row(machine, *row);
    flight.arrived = std::move(answer);
    machine.go_on();
}

/// A write that lost the race may be on its way still. Half of them are, and applied at some later
/// time.
void Calls::abandon_rivals(Machine& machine, const Flight& winner) {
    for (const Flight& rival : machine.runner.flights) {
        if (&rival == &winner || rival.exchange != winner.exchange) continue;
        context_.count("calls given up for a faster one");
        const bool is_on_its_way = rival.state == Flight::State::Sent;
        if (!is_on_its_way || !is_write(rival.call) || is_misdated(rival.call)) continue;
        if (context_.random.below(2) == 0) old_writes_.given_up(rival.body);
    }
}

/// What a service refuses for itself, whatever the call asks for.
std::optional<http::Response> Calls::refusal_of(const Machine& machine,
                                                const http::ClientRequest& call) {
    if (machine.has_expired_credentials) {
        return test::aws_error(400, "ExpiredTokenException", context_.time.wall);
    }
    if (is_misdated(call)) {
        // Which code a wrong time gets, no document says.
        constexpr std::array codes = {"InvalidSignatureException", "SignatureDoesNotMatch",
                                      "RequestTimeTooSkewed", "AccessDeniedException",
                                      "UnrecognizedClientException"};
        context_.count("refusals of what was misdated");
        return test::aws_error(400, codes.at(context_.random.below(codes.size())),
                               context_.time.wall);
    }
    return std::nullopt;
}

bool Calls::is_misdated(const http::ClientRequest& call) const {
    return dates_matter_ &&
           std::chrono::abs(signed_at(call) - context_.time.wall) > signature_slack;
}

/// A write that was given up arrives after all.
void Calls::apply_late_write() {
    context_.note("a write that was given up is applied");
    context_.count("writes applied after they were given up");
    static_cast<void>(world_.update(old_writes_.take_late(context_.random)));
}

/// Any write ever sent.
void Calls::apply_old_write() {
    if (!old_writes_.has_sent()) return;
    context_.note("an old write is applied");
    context_.count("old writes applied");
    static_cast<void>(world_.update(old_writes_.any_sent(context_.random)));
}

}  // namespace redoubt::simulation
