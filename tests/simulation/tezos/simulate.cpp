// SPDX-License-Identifier: Apache-2.0
#include <simulation/engine/play.hpp>

#include "world.hpp"

int main(int argc, char** argv) {
    using namespace redoubt::simulation;
    const Program program{.name = "redoubt-simulate",
                          .command = "tests/simulate",
                          .make_world = [](Context& context) {
                              // Slow to make, so one for all worlds of a thread.
                              thread_local tezos::Fixtures fixtures;
                              return std::make_unique<tezos::World>(fixtures, context);
                          }};
    return play(program, {argv + 1, static_cast<std::size_t>(argc - 1)});
}
