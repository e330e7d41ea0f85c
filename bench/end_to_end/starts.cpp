// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <standins/process.hpp>

#include "measurements.hpp"
#include "stage.hpp"

namespace redoubt::bench {

namespace {

/// Kills the function's one process and waits for its successor; how long that took to be ready.
double restart(standins::Function& function) {
    const auto before = at_rest(function).front();
    if (!function.kill(before.pid)) throw std::runtime_error("no process to kill");
    for (;;) {
        std::this_thread::sleep_for(Milliseconds(1));
        const auto now = function.environments().front();
        if (now.starts > before.starts) return at_rest(function).front().init_ms;
    }
}

/// From exec to exit of a process that has nothing to do: no Runtime API is named.
double run_idly(const std::string& program) {
    const auto start = std::chrono::steady_clock::now();
    standins::Process process(program, {});
    (void)process.wait([](std::string_view) {});
    return standins::ms_since(start);
}

}  // namespace

Json measure_starts(const standins::Options& options, std::size_t count) {
    Stage stage(options);
    standins::Function& commands = *stage.world().functions().at(standins::World::operator_name);
    standins::Slots slots = stage.slots();
    Json exec = Json::array();
    Json unconnected = Json::array();  // the operator function opens no connections ahead
    Json init = Json::array();
    Json signature = Json::array();
    (void)stage.sign(stage.key(0), Kind::Attestation,
                     slots.advance(std::chrono::steady_clock::now()));
    for (std::size_t i = 0; i < count; ++i) {
        exec.push_back(run_idly(options.bootstrap));
        unconnected.push_back(restart(commands));
        init.push_back(restart(stage.signer()));
        const auto reply = stage.sign(stage.key(i), Kind::Attestation,
                                      slots.advance(std::chrono::steady_clock::now()));
        signature.push_back(init.back().get<double>() + reply.get_ms + reply.ms);
    }
    return {{"exec_to_exit", exec},
            {"exec_to_next_unconnected", unconnected},
            {"exec_to_next", init},
            {"exec_to_signature", signature}};
}

}  // namespace redoubt::bench
