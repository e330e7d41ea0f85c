// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/clock.hpp>

#include <gtest/gtest.h>

#include <array>
#include <ctime>

namespace redoubt::test {
namespace {

WallTime at(std::int64_t ms) { return WallTime(Milliseconds(ms)); }

TEST(HttpDate, IsReadAsUtc) {
    EXPECT_EQ(parse_http_date("Sat, 21 Nov 2026 10:00:00 GMT"), at(1'795'255'200'000));
    EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), at(0));
    EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT"), at(1'709'251'199'000));
    EXPECT_EQ(parse_http_date("Tue, 19 Jan 2038 03:14:08 GMT"), at(2'147'483'648'000));
    EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT"), at(1'483'228'800'000));
}

TEST(HttpDate, EveryDayOfFourHundredYears) {
    constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t day = 86'400'000;
    for (std::int64_t noon = day / 2; noon < 146'097 * day; noon += day) {
        const std::size_t month = std::stoul(utc_text(at(noon), "MM"));
        const std::string date = "Sat, " + utc_text(at(noon), "DD ") + months.at(month - 1) +
                                 utc_text(at(noon), " YYYY hh:mm:ss") + " GMT";
        ASSERT_EQ(parse_http_date(date), at(noon)) << date;
    }
}

TEST(HttpDate, OtherTextsAreNone) {
    for (const std::string text : {"",
                                   "Sat",
                                   "Sat, 21 Nov 2026 10:00:00",
                                   "Sat, 21 Nov 2026 10:00:00 CET",
                                   "Sat, 21 Nov 2026 10:00:00 GMT ",
                                   "Sat, 21 Nov 2026 10:00:00 GMT+1",
                                   "2026-11-21T10:00:00Z",
                                   "Sat, 21 Now 2026 10:00:00 GMT",
                                   "Sat, 32 Nov 2026 10:00:00 GMT",
                                   "Sat, 21 Nov 2026 25:00:00 GMT",
                                   "1795255200",
                                   "Sat, 21 Nov 2026 10:00:00 GMT\n",
                                   "Sun, 29 Feb 2026 10:00:00 GMT",
                                   "Sat, 21 Nov 2026 10:60:00 GMT",
                                   "Sat, 21 Nov 2026 10:00:61 GMT",
                                   "Sat, -1 Nov 2026 10:00:00 GMT",
                                   "Sat, 21 nov 2026 10:00:00 GMT",
                                   "Sat, 21 Nov 0x26 10:00:00 GMT",
                                   "Sat, 00 Nov 2026 10:00:00 GMT",
                                   "Sat, 21-Nov-2026 10:00:00 GMT",
                                   "Sat, 21 Nov 2026 10.00.00 GMT",
                                   "Sat; 21 Nov 2026 10:00:00 GMT"}) {
        EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_http_date(std::string_view("Sat, 21 Nov 2026 10:00:00 GMT\0x", 31)),
              std::nullopt);
}

TEST(Rfc3339, HasThreeDecimals) {
    EXPECT_EQ(rfc3339(at(1'795'255'200'000)), "2026-11-21T10:00:00.000Z");
    EXPECT_EQ(rfc3339(at(1'795'255'200'007)), "2026-11-21T10:00:00.007Z");
    EXPECT_EQ(rfc3339(at(1'795'255'200'999)), "2026-11-21T10:00:00.999Z");
    EXPECT_EQ(rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
}

TEST(UtcText, AgreesWithTheCLibrary) {
    for (std::int64_t ms = 0; ms < 4'000'000'000'000; ms += 12'345'678'901) {
        const std::time_t seconds = ms / 1000;
        std::tm parts{};
        ASSERT_NE(::gmtime_r(&seconds, &parts), nullptr);
        std::array<char, 32> text{};
        std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
        EXPECT_EQ(utc_text(at(ms), "YYYYMMDDThhmmssZ"), text.data());
    }
    EXPECT_EQ(utc_text(at(-1), "YYYY-MM-DD hh:mm:ss.fff"), "1969-12-31 23:59:59.999");
}

TEST(SystemClock, GoesOn) {
    const SystemClock clock;
    const auto wall = clock.wall();
    const auto steady = clock.steady();
    EXPECT_GE(clock.wall(), wall);
    EXPECT_GE(clock.steady(), steady);
    EXPECT_GT(unix_ms(wall), 1'700'000'000'000);
}

}  // namespace
}  // namespace redoubt::test
