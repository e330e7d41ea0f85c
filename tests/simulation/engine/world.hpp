// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/json.hpp>

#include "flight.hpp"
#include "machine.hpp"

namespace redoubt::simulation {

class Engine;

/// What the engine asks of the world of one chain: its product, its clients, its services, and the
/// judge of its promises. Whatever breaks a promise throws Violation.
class World {
public:
    World() = default;
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    virtual ~World() = default;

    // Requests
    /// A new execution environment on a machine, in place of the one there.
    virtual void start_environment(Machine& machine) = 0;
    /// A client's next request begins to run on an idle machine.
    virtual void ask(Machine& machine, std::size_t client) = 0;
    /// An operator's command begins to run on an idle machine.
    virtual void operate(Machine& machine) = 0;
    /// What runs on a machine is done. Whether its environment ends as well.
    [[nodiscard]] virtual bool on_answer(Machine& machine) = 0;
    /// A client's request is killed.
    virtual void on_kill(Machine& machine) = 0;

    // Calls
    /// The service that a call is for acts on it.
    virtual Reply act(const Flight& flight) = 0;
    /// The table acts on an UpdateItem.
    virtual Reply update(const Json& body) = 0;
    /// Whether that may happen at any later time, and again, as a write does that was delayed.
    [[nodiscard]] virtual bool may_come_late(const Json& update) const = 0;
    /// Makes another row of one, as a false reply has it.
    virtual void falsify(Json& row) const = 0;
    /// A machine sends a call.
    virtual void on_call(const Machine& machine, const Flight& flight) = 0;
    /// Something goes wrong that the request on a machine may suffer from. Lasting: repeating a
    /// call cannot help.
    virtual void on_fault(const Machine& machine, bool is_lasting) = 0;
    /// A row of the table reaches the request on a machine.
    virtual void on_row(const Machine& machine, const Json& row) = 0;

    // Damage, and the end
    /// Damages a row behind everybody's back, or repairs one.
    virtual void damage_or_repair() = 0;
    /// The end: nothing is stuck. Repairs all rows, calms the engine, and asks for more.
    virtual void settle(Engine& engine) = 0;
};

}  // namespace redoubt::simulation
