// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "context.hpp"
#include "world.hpp"

namespace redoubt::simulation {

/// What is played of one chain.
struct Chain {
    std::string name;
    std::uint64_t steps;         // unless somebody says how many
    std::uint64_t steps_a_seed;  // in each of its worlds
    /// Makes a world for a context. Called by several threads.
    std::function<std::unique_ptr<World>(Context& context)> make_world;
};

/// A program that plays their worlds.
struct Program {
    const char* name;     // as its usage says
    const char* command;  // how a user calls it
    std::vector<Chain> chains;
};

/// Plays worlds of one chain after the other, or of one, a seed each, until enough steps were made
/// or a promise is broken; prints what was seen. The arguments are those of the command line,
/// without the program. An exit code: 0 every promise was kept, 1 one was broken, 2 wrong
/// arguments.
[[nodiscard]] int play(const Program& program, std::span<char* const> arguments);

}  // namespace redoubt::simulation
