// SPDX-License-Identifier: Apache-2.0
#include "measurements.hpp"
#include "stage.hpp"

namespace redoubt::bench {

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
        unconnected.push_back(restart(commands).front());
        init.push_back(restart(stage.signer()).front());
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
