// SPDX-License-Identifier: Apache-2.0
#include "fiber.hpp"

#include <boost/context/fixedsize_stack.hpp>

namespace redoubt::simulation {
namespace {

constexpr std::size_t stack_bytes = std::size_t{256} * 1024;

}  // namespace

boost::context::fiber Fiber::new_stack() {
    return {std::allocator_arg, boost::context::fixedsize_stack(stack_bytes),
            [this](boost::context::fiber&& caller) {
                outside_ = std::move(caller);
                for (;;) {
                    body_();
                    ended_ = true;
                    wait();
                }
                return std::move(outside_);  // never
            }};
}

void Fiber::start(std::function<void()> body) {
    body_ = std::move(body);
    ended_ = false;
}

void Fiber::resume() { inside_ = std::move(inside_).resume(); }

void Fiber::wait() { outside_ = std::move(outside_).resume(); }

void Fiber::kill() {
    inside_ = new_stack();  // the old one is unwound
    ended_ = true;
}

}  // namespace redoubt::simulation
