// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/clock.hpp>

namespace redoubt::test {

/// 2026-11-21T10:00:00Z
inline constexpr WallTime some_morning{std::chrono::seconds(1'795'255'200)};

/// Stands still until it is told to go on.
class FakeClock final : public Clock {
public:
    explicit FakeClock(WallTime wall = some_morning) : started_(wall) {}

    [[nodiscard]] WallTime wall() const override {
        return started_ + std::chrono::floor<Milliseconds>(elapsed_) + frozen_;
    }
    [[nodiscard]] SteadyTime steady() const override {
        return SteadyTime(std::chrono::hours(1)) + elapsed_;
    }

    void advance(std::chrono::nanoseconds by) { elapsed_ += by; }
    /// The steady clock stands still meanwhile, as it may while a function is frozen.
    void freeze(Milliseconds during) { frozen_ += during; }
    void advance_to(SteadyTime time) {
        if (time > steady()) advance(time - steady());
    }

private:
    WallTime started_;
    std::chrono::nanoseconds elapsed_{0};
    Milliseconds frozen_{0};
};

}  // namespace redoubt::test
