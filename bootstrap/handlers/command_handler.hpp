// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "handlers/command_answers.hpp"

namespace redoubt::bootstrap {

/// Answers operators' commands, and nothing that came through an HTTP front: of any chain, with
/// its setup and what its commands work with.
template <class ChainSetup, class Context>
class CommandHandler final : public Handler {
public:
    using MakeCommands = std::vector<operators::Command> (*)(const Context& context);

    /// `make_context` is given the setup, which lives as long as the context.
    template <class MakeContext>
    CommandHandler(std::unique_ptr<ChainSetup> setup, const MakeContext& make_context,
                   MakeCommands make_commands, CommandAnswers::Refuse refuse)
        : setup_(std::move(setup)),
          context_(make_context(*setup_)),
          answers_(make_commands(context_), refuse) {}

    [[nodiscard, gnu::cold]] Outcome handle(const lambda::Event& event,
                                            SteadyTime deadline) override {
        return answers_.handle(event, deadline);
    }
    [[nodiscard]] Outcome internal_error(const lambda::Event& /*event*/,
                                         std::string detail) const override {
        return CommandAnswers::internal_error(std::move(detail));
    }

    /// Those that it makes, or that it is there to open.
    [[nodiscard]] bool holds_secrets() const override {
        return !setup_->config.wrapping_keys.empty();
    }

private:
    std::unique_ptr<ChainSetup> setup_;
    Context context_;
    CommandAnswers answers_;
};

}  // namespace redoubt::bootstrap
