// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "cloud.hpp"
#include "config/ethereum.hpp"
#include "handlers.hpp"

namespace redoubt::bootstrap {

/// What all of Ethereum's handlers begin with. On the heap: its parts refer to each other.
struct EthereumSetup {
    EthereumSetup(EthereumConfig configured, const Clock& clock,
                  const std::vector<Milliseconds>& tries)
        : config(std::move(configured)), cloud(config.aws, clock, tries) {}

    EthereumConfig config;
    Cloud cloud;
};

/// Reads the configuration and says in the log which it is. `tries`: of calls to AWS, see Cloud.
[[nodiscard, gnu::cold]] std::expected<std::unique_ptr<EthereumSetup>, InitError> set_up_ethereum(
    const Environment& environment, const Clock& clock,
    const std::vector<Milliseconds>& tries = {});

}  // namespace redoubt::bootstrap
