// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/clock.hpp>

#include <array>
#include <ctime>

namespace redoubt {

WallTime SystemClock::wall() const {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const { return std::chrono::steady_clock::now(); }

std::optional<WallTime> parse_http_date(std::string_view text) {
    std::tm parts{};
    const std::string terminated(text);
    const char* end = ::strptime(terminated.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end != terminated.c_str() + text.size()) return std::nullopt;
    return WallTime(std::chrono::seconds(::timegm(&parts)));
}

std::string rfc3339(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t unix_seconds = seconds.time_since_epoch().count();
    std::tm parts{};
    if (::gmtime_r(&unix_seconds, &parts) == nullptr) return {};
    std::array<char, 32> date{};
    const std::size_t length = std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    const std::string thousandths = std::to_string(1000 + (time - seconds).count()).substr(1);
    return std::string(date.data(), length) + "." + thousandths + "Z";
}

}  // namespace redoubt
