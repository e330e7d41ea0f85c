// SPDX-License-Identifier: Apache-2.0
#include "log/line.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>

#include <fakes/fake_clock.hpp>

namespace redoubt::test {
namespace {

std::string logged(Severity severity, std::string_view message, bootstrap::LogFields fields) {
    const FakeClock clock;
    ::testing::internal::CaptureStdout();
    bootstrap::log(clock, severity, message, std::move(fields));
    return ::testing::internal::GetCapturedStdout();
}

TEST(Log, IsOneJsonLineWithWhatLambdaReads) {
    EXPECT_EQ(parse_json(logged(Severity::Warn, "what happened",
                                bootstrap::LogFields().add_number("round", 3))),
              (Json{{"timestamp", "2026-11-21T10:00:00.000Z"},
                    {"level", "WARN"},
                    {"message", "what happened"},
                    {"round", 3}}));
    for (const auto& [severity, shown] : std::map<Severity, std::string>{
             {Severity::Info, "INFO"}, {Severity::Warn, "WARN"}, {Severity::Error, "ERROR"}}) {
        EXPECT_EQ(parse_json(logged(severity, "", {})).value()["level"], shown);
    }
}

TEST(Log, StaysOneLineWhateverIsLogged) {
    const std::string line =
        logged(Severity::Info, "a\nb\"\xff", {{"route", "x\r\n{\"level\":\"INFO\"}"}});
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    EXPECT_EQ(line.back(), '\n');
    EXPECT_TRUE(parse_json(line).has_value());
}

TEST(Log, ItsOwnFieldsCannotBeForged) {
    const auto line = parse_json(logged(Severity::Error, "x\",\"message\":\"y",
                                        {{"route", R"(x","level":"INFO)"}, {"pkh", "\\"}}));
    EXPECT_EQ(line.value(), (Json{{"timestamp", "2026-11-21T10:00:00.000Z"},
                                  {"level", "ERROR"},
                                  {"message", R"(x","message":"y)"},
                                  {"route", R"(x","level":"INFO)"},
                                  {"pkh", "\\"}}));
}

TEST(LogFields, AreWhatATreeWouldHold) {
    const std::int64_t least = std::numeric_limits<std::int64_t>::min();
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    bootstrap::LogFields fields;
    fields.add("text", "é\"").add_flag("yes", true).add_flag("no", false);
    fields.add_number("zero", 0).add_number("least", least).add_number("most", most);
    fields.add_json("list", {"a", "b"}).add_json("null", {});
    EXPECT_EQ(parse_json(fields.text()), (Json{{"text", "é\""},
                                               {"yes", true},
                                               {"no", false},
                                               {"zero", 0},
                                               {"least", least},
                                               {"most", most},
                                               {"list", {"a", "b"}},
                                               {"null", nullptr}}));
    EXPECT_TRUE(fields.has("zero"));
    EXPECT_FALSE(fields.has("zer"));
    EXPECT_FALSE(fields.has("b")) << "a value";
    EXPECT_EQ(bootstrap::LogFields().text(), "{}");
}

TEST(LogFields, MillisecondsHaveThreeDecimals) {
    struct Row {
        std::chrono::nanoseconds spent;
        std::string text;
    };
    for (const auto& [spent, text] :
         {Row{std::chrono::microseconds(1234), "1.234"},
          Row{std::chrono::nanoseconds(1500), "0.002"},
          Row{std::chrono::nanoseconds(1'234'567), "1.235"}, Row{{}, "0.000"},
          Row{std::chrono::nanoseconds(999'999'999), "1000.000"},
          Row{std::chrono::microseconds(70'045), "70.045"},
          Row{std::chrono::hours(24 * 365), "31536000000.000"},
          Row{std::chrono::nanoseconds(-1'500'000), "0.000"}}) {
        EXPECT_EQ(bootstrap::LogFields().add_ms("ms", spent).text(), R"({"ms":)" + text + "}");
    }
}

}  // namespace
}  // namespace redoubt::test
