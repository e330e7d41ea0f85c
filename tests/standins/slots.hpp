// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include <redoubt/base/clock.hpp>

#include "payloads.hpp"

namespace redoubt::standins {

/// The slots of a chain that is as fast as one may be: a level a second, and rounds within it.
class Slots {
public:
    /// `head`: the level below the first one, which begins at `start`.
    Slots(const tezos::ChainId& chain, std::uint32_t head, SteadyTime start)
        : current_{.chain = chain, .level = head, .round = 0},
          level_began_(start - shortest_level) {}

    /// The next level, or the next round if this level is younger than a second.
    const Slot& advance(SteadyTime now) {
        if (now - level_began_ < shortest_level) {
            ++current_.round;
            return current_;
        }
        ++current_.level;
        current_.round = 0;
        level_began_ = now;
        return current_;
    }

    [[nodiscard]] const Slot& current() const { return current_; }

private:
    /// The signer's pace fence holds bakers to it.
    static constexpr std::chrono::seconds shortest_level{1};

    Slot current_;
    SteadyTime level_began_;
};

}  // namespace redoubt::standins
