// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/clock.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>
#include <utility>

namespace redoubt {
namespace {

/// Of digits only; nothing if there is anything else.
std::optional<unsigned> read_digits(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (error != std::errc() || end != text.end()) return std::nullopt;
    return value;
}

std::optional<std::chrono::month> read_month(std::string_view name) {
    constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return std::chrono::month(static_cast<unsigned>(found - names.begin()) + 1);
}

}  // namespace

WallTime SystemClock::wall() const {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const { return std::chrono::steady_clock::now(); }

std::optional<WallTime> parse_http_date(std::string_view text) {
    constexpr std::string_view form = "..., .. ... .... ..:..:.. GMT";
    const auto fits = [](char c, char wanted) { return wanted == '.' || c == wanted; };
    if (!std::ranges::equal(text, form, fits)) return std::nullopt;
    const auto day = read_digits(text.substr(5, 2));
    const auto month = read_month(text.substr(8, 3));
    const auto year = read_digits(text.substr(12, 4));
    const auto hour = read_digits(text.substr(17, 2));
    const auto minute = read_digits(text.substr(20, 2));
    const auto second = read_digits(text.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)), *month,
                                           std::chrono::day(*day));
    // A leap second counts as the first one of the next minute.
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

std::string utc_text(WallTime time, std::string_view form) {
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(midnight);
    const std::chrono::hh_mm_ss since_midnight(time - midnight);
    std::array<std::pair<char, std::int64_t>, 7> fields = {{
        {'Y', static_cast<int>(date.year())},
        {'M', static_cast<unsigned>(date.month())},
        {'D', static_cast<unsigned>(date.day())},
        {'h', since_midnight.hours().count()},
        {'m', since_midnight.minutes().count()},
        {'s', since_midnight.seconds().count()},
        {'f', since_midnight.subseconds().count()},
    }};
    std::string text(form);
    for (char& c : text | std::views::reverse) {
        const auto field = std::ranges::find(fields, c, &decltype(fields)::value_type::first);
        if (field == fields.end()) continue;
        c = static_cast<char>('0' + field->second % 10);
        field->second /= 10;
    }
    return text;
}

std::string rfc3339(WallTime time) { return utc_text(time, "YYYY-MM-DDThh:mm:ss.fffZ"); }

}  // namespace redoubt
