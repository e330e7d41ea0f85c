// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

namespace redoubt::simulation {

/// All chance of one world. The same seed gives the same numbers.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// 0 to limit - 1. (The standard's distributions differ between libraries.)
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    [[nodiscard]] bool chance(double probability) {
        return static_cast<double>(engine_() >> 11U) * 0x1.0p-53 < probability;
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace redoubt::simulation
