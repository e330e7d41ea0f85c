// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "fiber.hpp"
#include "time.hpp"
#include "waiting_runner.hpp"

namespace redoubt::simulation {

/// A machine with room for one execution environment at a time, which runs one request at a time.
/// What the environment is made of, only the world of the chain knows.
class Machine {
public:
    Machine(const Time& time, std::size_t index)
        : number(index), clock(time), runner(time, fiber_) {}

    /// What runs when the machine goes on next. Only on an idle machine.
    void start(std::function<void()> body) { fiber_.start(std::move(body)); }
    /// The request runs until it waits for a call or is done.
    void go_on() { fiber_.resume(); }
    [[nodiscard]] bool is_idle() const { return fiber_.ended(); }
    /// Kills what runs.
    void stop();

    const std::size_t number;  // from 0
    LocalClock clock;
    WaitingRunner runner;
    bool has_expired_credentials = false;
    std::uint64_t request = 0;  // the number of a client's; 0: none, or an operator's command
    std::size_t client = 0;     // whose request it is

private:
    Fiber fiber_;
};

}  // namespace redoubt::simulation
