// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/aws/kms/kms.hpp>

#include "aws_answer.hpp"
#include "fake_clock.hpp"
#include "scripted_runner.hpp"

namespace redoubt::test {

/// Two services whose answers a script gives.
struct AwsWorld {
    FakeClock clock;
    aws::CorrectedClock corrected{clock};
    aws::Credentials credentials{"ASIAEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                 Secret("TOKEN//b3JpZ2luX2VjEEXAMPLE==")};
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
    ScriptedRunner runner{clock};

    /// Runs one exchange to its end.
    void run(io::Exchange& exchange, SteadyTime deadline = SteadyTime::max());
};

}  // namespace redoubt::test
