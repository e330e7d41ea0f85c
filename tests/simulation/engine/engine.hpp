// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "calls.hpp"
#include "context.hpp"
#include "machine.hpp"
#include "world.hpp"

namespace redoubt::simulation {

/// Makes one thing happen at a time in a world of clients, environments, KMS, a table and
/// operators. Chance decides which.
class Engine {
public:
    /// Starts an environment on each machine.
    Engine(Context& context, World& world);

    /// Throws Violation.
    void run(std::uint64_t steps);

    // For the end of a world
    /// No more faults: what is under way is finished, and all environments are new.
    void calm();
    /// Until what was started there is done.
    void finish(Machine& machine);

private:
    void step();
    void incident();
    void go_on(Machine& machine);

    void ask();
    void operate();
    void restart(Machine& machine);
    void kill();
    void set_a_clock();
    [[nodiscard]] bool is_waiting(std::size_t client) const;
    [[nodiscard]] Machine& any_machine();

    Context& context_;
    World& world_;
    Calls calls_;
};

}  // namespace redoubt::simulation
