// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "fault_profile.hpp"
#include "machine.hpp"
#include "random.hpp"
#include "tally.hpp"
#include "time.hpp"

namespace redoubt::simulation {

/// What the engine and the world of a chain share. The seed decides all that happens.
class Context {
public:
    /// Traced: what happens is printed.
    Context(std::uint64_t seed, bool is_traced);

    /// Less than that.
    void pass_time(std::uint64_t most_us);
    [[nodiscard]] std::int64_t now_ms() const { return unix_ms(time.wall); }

    void note(const std::string& what) const;
    void count(const std::string& what) { ++tally.counts[what]; }

    const bool is_traced;
    Random random;
    FaultProfile profile;
    Time time;
    std::deque<Machine> machines;  // which do not move; the last one is the operators'
    Tally tally;
};

}  // namespace redoubt::simulation
