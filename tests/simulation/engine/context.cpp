// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"

#include <cstdio>

namespace redoubt::simulation {

Context::Context(std::uint64_t seed, bool traced)
    : is_traced(traced), random(seed), profile(draw_profile(random)) {
    for (std::size_t i = 0; i < profile.environments + 1; ++i) machines.emplace_back(time, i);
}

void Context::pass_time(std::uint64_t most_us) {
    time.pass(std::chrono::microseconds(random.below(most_us)));
}

void Context::note(const std::string& what) const {
    if (!is_traced) return;
    static_cast<void>(std::printf(
        "%12.3f  %s\n", static_cast<double>(now_ms() - unix_ms(beginning)) / 1000.0, what.c_str()));
}

}  // namespace redoubt::simulation
