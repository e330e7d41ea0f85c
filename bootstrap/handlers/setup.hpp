// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <utility>

#include "cloud.hpp"
#include "config/variables.hpp"
#include "handlers.hpp"

namespace redoubt::bootstrap {

/// What all handlers of a chain begin with. On the heap: its parts refer to each other.
template <class ChainConfig>
struct Setup {
    Setup(ChainConfig configured, const Clock& clock, const CloudTimes& times)
        : config(std::move(configured)), cloud(config.aws, clock, times) {}

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
    const CloudTimes& times = {}) {
    if (!config) return std::unexpected(misconfigured(config.error()));
    log_configured(environment, clock, config->fingerprint);
    return std::make_unique<ChainSetup>(std::move(*config), clock, times);
}

}  // namespace redoubt::bootstrap
