// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/prctl.h>

#include <condition_variable>
#include <mutex>

#include <redoubt/base/clock.hpp>

namespace redoubt::standins {

/// Latency is injected by sleeping: this thread, and those it starts from now on, wake up when
/// asked to, not within the usual 50 us.
inline void wake_up_on_time() { ::prctl(PR_SET_TIMERSLACK, 1UL); }

/// Milliseconds.
[[nodiscard]] inline double ms_since(SteadyTime start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

/// Waits that the end of the program cuts short.
class Pause {
public:
    /// Returns at `time`, true; or as soon as `end` is called, false.
    bool until(SteadyTime time) {
        std::unique_lock lock(mutex_);
        return !changed_.wait_until(lock, time, [this] { return ended_; });
    }

    void end() {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }

    [[nodiscard]] bool ended() const {
        const std::scoped_lock lock(mutex_);
        return ended_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
};

}  // namespace redoubt::standins
