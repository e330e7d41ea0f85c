// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <algorithm>
#include <array>

#include "violation.hpp"

namespace redoubt::simulation {
namespace {

/// The longest step of time in us, as long as nothing special happens.
constexpr std::uint64_t short_us = 3'000;
constexpr std::uint64_t settling_steps = 100'000;

bool is_busy(const Machine& machine) { return !machine.is_idle(); }

}  // namespace

Engine::Engine(Context& context, World& world)
    : context_(context), world_(world), calls_(context, world) {
    for (Machine& machine : context_.machines) restart(machine);
}

void Engine::run(std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i) step();
    context_.tally.counts["steps"] += steps;
    world_.settle(*this);
}

/// Either time passes, or somebody does something.
void Engine::step() {
    Random& random = context_.random;
    if (random.below(5) < 3) return context_.pass_time(short_us);
    if (calls_.has_late_writes() && random.below(8) == 0) return calls_.apply_late_write();
    if (random.chance(context_.profile.old_writes)) return calls_.apply_old_write();
    if (random.chance(context_.profile.incidents)) return incident();
    if (random.chance(context_.profile.commands)) return operate();
    std::array<Machine*, 8> busy{};
    std::size_t count = 0;
    for (Machine& machine : context_.machines) {
        if (is_busy(machine)) busy.at(count++) = &machine;
    }
    // Now and then a new request, always if there is nothing else to do.
    if (count == 0 || random.below(4) == 0) return ask();
    go_on(*busy.at(random.below(count)));
}

void Engine::incident() {
    switch (context_.random.below(6)) {
        case 0: return kill();
        case 1: return set_a_clock();
        case 2: return operate();
        case 3: return world_.damage_or_repair();
        case 4:
            // Long enough for calls and requests to time out.
            context_.note("time passes");
            return context_.pass_time(3'000'000);
        default: {
            Machine& machine = any_machine();
            context_.note("credentials expire");
            machine.has_expired_credentials = true;
        }
    }
}

void Engine::go_on(Machine& machine) {
    calls_.go_on(machine);
    if (is_busy(machine)) return;
    const bool is_over = world_.on_answer(machine);
    machine.request = 0;
    if (is_over) restart(machine);
}

void Engine::ask() {
    const std::size_t client = context_.random.below(context_.profile.clients);
    Machine& machine = context_.machines[context_.random.below(context_.profile.environments)];
    if (is_waiting(client) || is_busy(machine)) return context_.pass_time(20'000);
    world_.ask(machine, client);
    go_on(machine);
}

void Engine::operate() {
    Machine& machine = context_.machines.back();
    if (is_busy(machine)) return;
    context_.note("an operator's command");
    context_.count("operators' commands");
    world_.operate(machine);
    go_on(machine);
}

void Engine::restart(Machine& machine) {
    machine.clock.offset = Milliseconds(0);
    machine.has_expired_credentials = false;
    world_.start_environment(machine);
    if (context_.profile.clocks_are_wrong && context_.random.chance(0.5)) {
        machine.clock.offset = Milliseconds(context_.random.below(600'001)) - Milliseconds(300'000);
    }
}

void Engine::kill() {
    Machine& machine = any_machine();
    context_.note("a kill");
    context_.count("kills");
    if (machine.request != 0) world_.on_kill(machine);
    machine.request = 0;
    restart(machine);
}

void Engine::set_a_clock() {
    if (!context_.profile.clocks_are_wrong) return;
    constexpr std::array<std::int64_t, 7> offsets_ms = {0,        1'000,   -1'000,     239'000,
                                                        -239'000, 360'000, -36'000'000};
    Machine& machine = any_machine();
    context_.note("a clock is set");
    context_.count("clocks set");
    machine.clock.offset = Milliseconds(offsets_ms.at(context_.random.below(offsets_ms.size())));
    // A clock that jumps in the middle of a request is another fault to it.
    world_.on_fault(machine, true);
}

void Engine::calm() {
    context_.profile = {.environments = context_.profile.environments,
                        .clients = context_.profile.clients};
    for (Machine& machine : context_.machines) {
        world_.on_fault(machine, true);
        machine.clock.offset = Milliseconds(0);
    }
    for (std::uint64_t i = 0; std::ranges::any_of(context_.machines, is_busy); ++i) {
        if (i == settling_steps) throw Violation("every request is answered: one is stuck");
        context_.pass_time(short_us);
        go_on(*std::ranges::find_if(context_.machines, is_busy));
    }
    for (Machine& machine : context_.machines) restart(machine);
}

void Engine::finish(Machine& machine) {
    go_on(machine);
    while (is_busy(machine)) {
        context_.pass_time(short_us);
        go_on(machine);
    }
}

bool Engine::is_waiting(std::size_t client) const {
    return std::ranges::any_of(context_.machines, [client](const Machine& machine) {
        return machine.request != 0 && machine.client == client;
    });
}

Machine& Engine::any_machine() {
    return context_.machines[context_.random.below(context_.machines.size())];
}

}  // namespace redoubt::simulation
