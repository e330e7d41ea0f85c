// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/context/fiber.hpp>
#include <functional>

namespace redoubt::simulation {

/// A stack of its own on which one function after the other runs, each able to wait for the caller.
/// Killed while one waits, it unwinds the stack, as nothing of a killed process does; so what is
/// destroyed on the way must not be seen from outside.
class Fiber {
public:
    Fiber() : inside_(new_stack()) {}

    /// The function that `resume` begins with. Only when the one before has ended.
    void start(std::function<void()> body);
    /// From outside: go on until the next wait or the end.
    void resume();
    [[nodiscard]] bool ended() const { return ended_; }
    /// From inside.
    void wait();
    /// From outside: ends the function where it waits. Another can be started.
    void kill();

private:
    [[nodiscard]] boost::context::fiber new_stack();

    std::function<void()> body_;
    bool ended_ = true;
    boost::context::fiber inside_;
    boost::context::fiber outside_;
};

}  // namespace redoubt::simulation
