// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "context.hpp"
#include "world.hpp"

namespace redoubt::simulation {

/// A program that plays the worlds of one chain.
struct Program {
    const char* name;     // as its usage says
    const char* command;  // how a user calls it
    /// Makes a world for a context. Called by several threads.
    std::function<std::unique_ptr<World>(Context& context)> make_world;
};

/// Plays worlds, one seed each, until enough steps were made or a promise is broken; prints what
/// was seen. The arguments are those of the command line, without the program. An exit code: 0
/// every promise was kept, 1 one was broken, 2 wrong arguments.
[[nodiscard]] int play(const Program& program, std::span<char* const> arguments);

}  // namespace redoubt::simulation
