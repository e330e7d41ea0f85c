// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/aws/operation.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <set>

#include <fakes/aws_world.hpp>

namespace redoubt::test {

using aws::Operation;
using http::TransportFailure;

/// An operation on DynamoDB, and answers that come in turn.
class Operations : public ::testing::Test {
protected:
    Operations() {
        world.runner.follow([this](const http::ClientRequest& /*call*/) {
            if (answers.empty()) throw std::logic_error("one call too many");
            http::ResponseOrError answer = std::move(answers.front());
            answers.pop_front();
            return answer;
        });
    }

    Operation make(const std::string& expected_error = {}) {
        return {world.dynamodb, "UpdateItem", [this] { return dump({{"n", ++bodies}}); },
                expected_error};
    }
    /// The code of the outcome, or "done".
    std::string run(Operation& operation, SteadyTime deadline = SteadyTime::max()) {
        world.run(operation, deadline);
        const auto& outcome = operation.outcome();
        return outcome ? "done" : std::string(name(outcome.error().code));
    }
    std::string run_alone(SteadyTime deadline = SteadyTime::max()) {
        Operation operation = make();
        return run(operation, deadline);
    }
    [[nodiscard]] std::size_t calls() const { return world.runner.calls.size(); }
    [[nodiscard]] WallTime now() const { return world.clock.wall(); }
    [[nodiscard]] http::Response fine() const { return aws_answer(200, {{"ok", 1}}, now()); }

    AwsWorld world;
    std::deque<http::ResponseOrError> answers;
    int bodies = 0;
};

}  // namespace redoubt::test
