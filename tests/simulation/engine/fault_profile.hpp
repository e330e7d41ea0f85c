// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "random.hpp"

namespace redoubt::simulation {

/// How large a world is and how often something goes wrong in it.
struct FaultProfile {
    std::size_t environments = 1;
    std::size_t clients = 1;
    double faults = 0;      // chance of a call: it meets a fault
    double old_writes = 0;  // chance of a step: an old write is applied once more
    double incidents = 0;   // chance of a step: a kill, a clock, an operator, damage
    double commands = 0;    // chance of a step: an operator
    bool clocks_are_wrong = false;
};

[[nodiscard]] inline FaultProfile draw_profile(Random& random) {
    constexpr std::array faults = {0.0, 0.02, 0.1, 0.3};
    constexpr std::array old_writes = {0.0, 0.02, 0.15};
    constexpr std::array incidents = {0.0, 0.005, 0.02};
    constexpr std::array commands = {0.0, 0.0, 0.01};
    return {.environments = 1 + random.below(4),
            .clients = 1 + random.below(4),
            .faults = faults.at(random.below(faults.size())),
            .old_writes = old_writes.at(random.below(old_writes.size())),
            .incidents = incidents.at(random.below(incidents.size())),
            .commands = commands.at(random.below(commands.size())),
            .clocks_are_wrong = random.below(3) == 0};
}

}  // namespace redoubt::simulation
