// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/aws/dynamodb.hpp>
#include <redoubt/aws/kms.hpp>

#include "fake_clock.hpp"
#include "scripted_driver.hpp"

namespace redoubt::test {

/// Two services whose answers a script gives.
struct AwsWorld {
    FakeClock clock;
    aws::CorrectedClock corrected{clock};
    aws::Credentials credentials{"ASIAEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                 Secret("TOKEN//EXAMPLE==")};
    aws::Service kms{aws::kms::traits(),
                     {"https://kms.eu-west-1.amazonaws.com"},
                     "eu-west-1",
                     credentials,
                     corrected};
    aws::Service dynamodb{aws::dynamodb::traits(),
                          {"https://dynamodb.eu-west-1.amazonaws.com"},
                          "eu-west-1",
                          credentials,
                          corrected};
    ScriptedDriver driver{clock};

    /// Runs one dialogue to its end.
    void run(http::Dialogue& dialogue, SteadyTime deadline = SteadyTime::max());
};

/// `Sat, 21 Nov 2026 10:00:00 GMT`
[[nodiscard]] std::string http_date(WallTime time);

/// As a service answers: with its time and the checksum of its body.
[[nodiscard]] http::Response aws_answer(int status, const Json& body, WallTime date);
[[nodiscard]] http::Response aws_error(int status, const std::string& code, WallTime date,
                                       const Json& more = Json::object());

[[nodiscard]] inline http::Answer lost(http::Lost why) { return std::unexpected(http::Loss{why}); }

/// The body of a call as JSON; throws if it is none.
[[nodiscard]] Json body_of(const http::Call& call);
/// The first value of a header, whatever the case of its name; empty if there is none.
[[nodiscard]] std::string header_of(const http::Call& call, std::string_view name);

}  // namespace redoubt::test
