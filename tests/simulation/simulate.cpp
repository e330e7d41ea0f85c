// SPDX-License-Identifier: Apache-2.0
#include <simulation/engine/play.hpp>
#include <simulation/ethereum/world.hpp>
#include <simulation/tezos/world.hpp>

namespace redoubt::simulation {
namespace {

/// Fixtures are slow to make, so they are made once for all worlds of a thread.
template <class Fixtures, class ChainWorld>
std::unique_ptr<World> make_world(Context& context) {
    thread_local Fixtures fixtures;
    return std::make_unique<ChainWorld>(fixtures, context);
}

}  // namespace
}  // namespace redoubt::simulation

int main(int argc, char** argv) {
    using namespace redoubt::simulation;
    const Program program{
        .name = "redoubt-simulate",
        .command = "tests/simulate",
        .chains = {{.name = "tezos",
                    .steps = 10'000'000,
                    .steps_a_seed = 10'000,
                    .make_world = make_world<tezos::Fixtures, tezos::World>},
                   {.name = "ethereum",
                    .steps = 600'000,
                    .steps_a_seed = 4'000,
                    .make_world = make_world<ethereum::Fixtures, ethereum::World>}}};
    return play(program, {argv + 1, static_cast<std::size_t>(argc - 1)});
}
