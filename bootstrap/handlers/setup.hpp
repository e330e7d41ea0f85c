// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cloud.hpp"
#include "config/variables.hpp"
#include "handlers.hpp"

namespace redoubt::bootstrap {

/// What all handlers of a chain begin with. On the heap: its parts refer to each other. `tries`: of
/// calls to AWS, see Cloud.
template <class ChainConfig>
struct Setup {
    Setup(ChainConfig configured, const Clock& clock, const std::vector<Milliseconds>& tries)
        : config(std::move(configured)), cloud(config.aws, clock, tries) {}

    ChainConfig config;
    Cloud cloud;
};

[[nodiscard, gnu::cold]] InitError misconfigured(const Mistakes& mistakes);
[[gnu::cold]] void log_configured(const Environment& environment, const Clock& clock,
                                  const std::string& fingerprint);

/// Of a configuration that was read; says in the log which it is.
template <class ChainSetup, class ChainConfig>
[[nodiscard, gnu::cold]] std::expected<std::unique_ptr<ChainSetup>, InitError> set_up(
    std::expected<ChainConfig, Mistakes> config, const Environment& environment, const Clock& clock,
    const std::vector<Milliseconds>& tries = {}) {
    if (!config) return std::unexpected(misconfigured(config.error()));
    log_configured(environment, clock, config->fingerprint);
    return std::make_unique<ChainSetup>(std::move(*config), clock, tries);
}

}  // namespace redoubt::bootstrap
