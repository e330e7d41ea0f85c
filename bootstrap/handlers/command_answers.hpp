// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/operator/command.hpp>

#include "handlers/handler.hpp"

namespace redoubt::bootstrap {

/// How a function of any chain answers operators' commands, and nothing that came through an HTTP
/// front.
class CommandAnswers {
public:
    /// How that chain's API puts a refusal.
    using Refuse = http::Response (*)(const Error& error);

    CommandAnswers(std::vector<operators::Command> commands, Refuse refuse)
        : commands_(std::move(commands)), refuse_(refuse) {}

    [[nodiscard]] Outcome handle(const lambda::Event& event, SteadyTime deadline) const;
    [[nodiscard]] static Outcome internal_error(std::string detail);

private:
    [[nodiscard]] Outcome refuse_request(const lambda::HttpEvent& event) const;

    operators::CommandTable commands_;
    Refuse refuse_;
};

}  // namespace redoubt::bootstrap
