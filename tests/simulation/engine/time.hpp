// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include <redoubt/base/clock.hpp>

namespace redoubt::simulation {

/// When every world begins: 2026-11-21T10:00:00Z, on a machine that has run for an hour.
inline constexpr WallTime beginning{std::chrono::seconds(1'795'255'200)};
inline constexpr SteadyTime steady_beginning{std::chrono::hours(1)};

/// The one true time of a world.
struct Time {
    WallTime wall = beginning;
    SteadyTime steady = steady_beginning;

    void pass(std::chrono::microseconds by) {
        steady += by;
        wall = beginning + std::chrono::floor<Milliseconds>(steady - steady_beginning);
    }
};

/// What a machine believes of it.
class LocalClock final : public Clock {
public:
    explicit LocalClock(const Time& time) : time_(time) {}
    [[nodiscard]] WallTime wall() const override { return time_.wall + offset; }
    [[nodiscard]] SteadyTime steady() const override { return time_.steady; }

    Milliseconds offset{0};

private:
    const Time& time_;
};

}  // namespace redoubt::simulation
