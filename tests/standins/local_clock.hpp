// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include <redoubt/base/clock.hpp>

namespace redoubt::standins {

/// What the stand-ins take for the time: the machine's clock, shifted on demand. From any thread.
class LocalClock {
public:
    [[nodiscard]] WallTime now() const {
        return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) +
               Milliseconds(offset_ms_);
    }
    void shift(Milliseconds offset) { offset_ms_ = offset.count(); }

private:
    std::atomic<std::int64_t> offset_ms_ = 0;
};

/// `Sat, 21 Nov 2026 10:00:00 GMT`
[[nodiscard]] std::string http_date(WallTime time);

/// `time` in UTC as std::put_time formats it.
[[nodiscard]] std::string format_time(WallTime time, const char* format);

}  // namespace redoubt::standins
