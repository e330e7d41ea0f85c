// SPDX-License-Identifier: Apache-2.0
#include "local_clock.hpp"

#include <ctime>
#include <iomanip>
#include <sstream>

namespace redoubt::standins {

std::string format_time(WallTime time, const char* format) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    if (::gmtime_r(&seconds, &parts) == nullptr) return {};
    std::ostringstream text;
    text << std::put_time(&parts, format);
    return text.str();
}

std::string http_date(WallTime time) { return format_time(time, "%a, %d %b %Y %H:%M:%S GMT"); }

}  // namespace redoubt::standins
