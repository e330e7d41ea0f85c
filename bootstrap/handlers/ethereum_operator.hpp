// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <redoubt/operator/ethereum/commands.hpp>

#include "handlers/command_answers.hpp"
#include "handlers/ethereum_setup.hpp"

namespace redoubt::bootstrap {

using MakeEthereumCommands =
    std::vector<operators::Command> (*)(const ethereum_operator::Context& context);

class EthereumOperator final : public Handler {
public:
    EthereumOperator(std::unique_ptr<EthereumSetup> setup, MakeEthereumCommands make_commands);

    [[nodiscard, gnu::cold]] Outcome handle(const lambda::Event& event,
                                            SteadyTime deadline) override {
        return answers_.handle(event, deadline);
    }
    [[nodiscard]] Outcome internal_error(const lambda::Event& /*event*/,
                                         std::string detail) const override {
        return CommandAnswers::internal_error(std::move(detail));
    }

private:
    std::unique_ptr<EthereumSetup> setup_;
    ethereum_operator::Context context_;
    CommandAnswers answers_;
};

[[nodiscard, gnu::cold]] NewHandler make_ethereum_operator(const Environment& environment,
                                                           const Clock& clock);

/// The same for the commands that open sealed keys.
[[nodiscard, gnu::cold]] NewHandler make_ethereum_recovery(const Environment& environment,
                                                           const Clock& clock);

}  // namespace redoubt::bootstrap
