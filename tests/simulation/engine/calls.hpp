// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "context.hpp"
#include "flight.hpp"
#include "machine.hpp"
#include "old_writes.hpp"
#include "world.hpp"

namespace redoubt::simulation {

/// What becomes of the calls that machines make. WaitingRunner asks an exchange for its `next`
/// call, makes it a flight and waits. Here the flight pauses, is sent, arrives at its service,
/// which acts, and its answer is delivered: each a step of its own, between which anything may
/// happen. Then the machine goes on, and WaitingRunner hands the answer to the exchange.
class Calls {
public:
    Calls(Context& context, World& world);

    /// One of the machine's calls takes its next step, or what waits for none goes on.
    void go_on(Machine& machine);

    [[nodiscard]] bool has_late_writes() const { return old_writes_.has_late(); }
    void apply_late_write();
    void apply_old_write();

private:
    void move(Machine& machine, Flight& flight);
    void send(Machine& machine, Flight& flight);
    [[nodiscard]] bool hedge(Machine& machine, Flight& flight);
    void arrive(Machine& machine, Flight& flight);
    void meet_fault(Machine& machine, Flight& flight);
    void deliver(Machine& machine, Flight& flight);
    void hear(Machine& machine, Flight& flight, http::ResponseOrError answer,
              const std::optional<Json>& row = {});
    void abandon_rivals(Machine& machine, const Flight& winner);

    [[nodiscard]] std::optional<http::Response> refusal_of(const Machine& machine,
                                                           const http::ClientRequest& call);
    [[nodiscard]] bool is_misdated(const http::ClientRequest& call) const;

    Context& context_;
    World& world_;
    bool dates_matter_;  // whether a call can be signed at a wrong time
    OldWrites old_writes_;
};

}  // namespace redoubt::simulation
