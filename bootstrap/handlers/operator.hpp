// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <redoubt/operator/tezos/commands.hpp>

#include "handlers/command_answers.hpp"
#include "handlers/tezos_setup.hpp"

namespace redoubt::bootstrap {

using MakeCommands = std::vector<operators::Command> (*)(const tezos_operator::Context& context);

/// Answers operators' commands, and nothing that came through an HTTP front.
class Operator final : public Handler {
public:
    Operator(std::unique_ptr<TezosSetup> setup, const Environment& environment,
             MakeCommands make_commands);

    [[nodiscard, gnu::cold]] Outcome handle(const lambda::Event& event,
                                            SteadyTime deadline) override {
        return answers_.handle(event, deadline);
    }
    [[nodiscard]] Outcome internal_error(const lambda::Event& /*event*/,
                                         std::string detail) const override {
        return CommandAnswers::internal_error(std::move(detail));
    }

private:
    std::unique_ptr<TezosSetup> setup_;
    tezos_operator::Context context_;
    CommandAnswers answers_;
};

[[nodiscard, gnu::cold]] NewHandler make_operator(const Environment& environment,
                                                  const Clock& clock);
/// The same for the commands that open sealed keys.
[[nodiscard, gnu::cold]] NewHandler make_tezos_recovery(const Environment& environment,
                                                        const Clock& clock);

}  // namespace redoubt::bootstrap
