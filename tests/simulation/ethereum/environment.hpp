// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fakes/signer_environment.hpp>
#include <redoubt/lambda/deadlines.hpp>
#include <redoubt/operator/ethereum/commands.hpp>
#include <simulation/engine/machine.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation::ethereum {

/// What comes of a request or a command.
struct Outcome {
    int status = 0;
    std::string code;  // of a refusal
    std::string signature;
    Json members;  // of a command's answer; of a list
};

/// One execution environment, of the signer or of its operator: the product from the request on,
/// and its memory. It lives on a machine, whose clock and calls it uses.
class Environment {
public:
    /// `is_operators`: it has other times for its calls.
    Environment(const Fixtures& fixtures, Sealing& sealing, Machine& machine, std::uint64_t seed,
                bool is_operators);
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    /// In the middle of a request: it is killed.
    ~Environment() { machine_.stop(); }

    /// `time`: what the Runtime API says that it has. The first request finds the environment
    /// prepared as well as that was possible.
    void begin(const http::Request& request, Milliseconds time);
    void operate(Json command, Milliseconds time);

    /// Whether it is not yet about the request.
    [[nodiscard]] bool is_preparing() const { return is_preparing_; }
    /// Of what was done last.
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }
    /// What came of attempts to open wraps since this was asked last.
    [[nodiscard]] std::vector<sealed_adapters::Opening> take_openings() {
        return std::exchange(signer_.openings, {});
    }

private:
    [[nodiscard]] SteadyTime answer_by(Milliseconds time);

    Machine& machine_;
    lambda::Deadlines deadlines_;
    aws::CorrectedClock corrected_;
    aws::Credentials credentials_;
    std::string table_;
    aws::Service kms_;
    aws::Service dynamodb_;
    aws::kms::Regions regions_;
    test::SignerEnvironment signer_;
    bool is_prepared_ = false;
    bool is_preparing_ = false;
    ethereum_operator::Context context_;
    operators::CommandTable commands_;
    Outcome outcome_;
};

}  // namespace redoubt::simulation::ethereum
