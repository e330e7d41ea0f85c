// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redoubt {

using Milliseconds = std::chrono::milliseconds;
/// Wall time since 1970, as Lambda's deadline, SigV4 and the pace fence use it.
using WallTime = std::chrono::sys_time<Milliseconds>;
/// Time that never jumps, for waiting and measuring.
using SteadyTime = std::chrono::steady_clock::time_point;

/// A moment by both clocks. While a function is frozen, one of them may stand still.
struct Moment {
    WallTime wall;
    SteadyTime steady;
};

/// How much later `to` is, by the clock that went further: what is read again after a while is
/// never kept for longer because a clock stood still, or was set back.
[[nodiscard]] constexpr SteadyTime::duration between(const Moment& from, const Moment& to) {
    return std::max<SteadyTime::duration>(to.wall - from.wall, to.steady - from.steady);
}

/// Where time comes from; a simulation brings its own.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual WallTime wall() const = 0;
    [[nodiscard]] virtual SteadyTime steady() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] WallTime wall() const override;
    [[nodiscard]] SteadyTime steady() const override;
};

/// Milliseconds since 1970.
[[nodiscard]] constexpr std::int64_t unix_ms(WallTime time) {
    return time.time_since_epoch().count();
}

/// An HTTP `Date`, e.g. `Sat, 21 Nov 2026 10:00:00 GMT` (IMF-fixdate of RFC 9110, whose weekday is
/// not compared); nothing if it is not one.
[[nodiscard]] std::optional<WallTime> parse_http_date(std::string_view text);

/// The time in UTC by a form like `YYYY-MM-DD hh:mm:ss.fff`, each of whose letters Y, M, D, h, m, s
/// and f (milliseconds) stands for a digit; from the year 0 to 9999. (The C library's own
/// formatting asks its locale for everything.)
[[nodiscard]] std::string utc_text(WallTime time, std::string_view form);

/// RFC 3339 in UTC with milliseconds, as Lambda's JSON logs want it.
[[nodiscard]] std::string rfc3339(WallTime time);

}  // namespace redoubt
