// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

namespace redoubt::simulation {

void Machine::stop() {
    fiber_.kill();
    runner.flights.clear();
}

}  // namespace redoubt::simulation
