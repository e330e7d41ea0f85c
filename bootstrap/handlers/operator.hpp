// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/operator/commands.hpp>

#include "cloud.hpp"
#include "config/config.hpp"
#include "handlers/handler.hpp"

namespace redoubt::bootstrap {

/// Answers operators' commands, and nothing that came through an HTTP front.
class OperatorFunction final : public Function {
public:
    OperatorFunction(const Config& config, tezos::Keys keys, Cloud& cloud);

    [[nodiscard]] Outcome answer(const Json& event, SteadyTime deadline) override;
    [[nodiscard]] Outcome internal_error(const Json& event, std::string detail) const override;

private:
    adapters::OperatorCommands commands_;
};

}  // namespace redoubt::bootstrap
