// SPDX-License-Identifier: Apache-2.0
#include "log/line.hpp"

#include <gtest/gtest.h>

#include <fakes/fake_clock.hpp>

namespace redoubt::test {
namespace {

std::string logged(Severity severity, std::string_view message, Json fields) {
    const FakeClock clock;
    ::testing::internal::CaptureStdout();
    bootstrap::log(clock, severity, message, std::move(fields));
    return ::testing::internal::GetCapturedStdout();
}

TEST(Log, IsOneJsonLineWithWhatLambdaReads) {
    EXPECT_EQ(parse_json(logged(Severity::Warn, "what happened", {{"round", 3}})),
              (Json{{"timestamp", "2026-11-21T10:00:00.000Z"},
                    {"level", "WARN"},
                    {"message", "what happened"},
                    {"round", 3}}));
    for (const auto& [severity, shown] : std::map<Severity, std::string>{
             {Severity::Info, "INFO"}, {Severity::Warn, "WARN"}, {Severity::Error, "ERROR"}}) {
        EXPECT_EQ(parse_json(logged(severity, "", Json::object())).value()["level"], shown);
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
    const auto line =
        parse_json(logged(Severity::Error, "real", {{"level", "INFO"}, {"message", "x"}}));
    EXPECT_EQ(line.value()["level"], "ERROR");
    EXPECT_EQ(line.value()["message"], "real");
}

TEST(Log, MillisecondsHaveThreeDecimals) {
    EXPECT_EQ(bootstrap::log_ms(std::chrono::microseconds(1234)), 1.234);
    EXPECT_EQ(bootstrap::log_ms(std::chrono::nanoseconds(1'234'567)), 1.235);
    EXPECT_EQ(bootstrap::log_ms({}), 0.0);
}

}  // namespace
}  // namespace redoubt::test
