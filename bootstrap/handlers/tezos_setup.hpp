// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "cloud.hpp"
#include "config/tezos.hpp"
#include "handlers.hpp"

namespace redoubt::bootstrap {

/// What both of Tezos' handlers begin with. On the heap: its parts refer to each other.
struct TezosSetup {
    TezosSetup(TezosConfig configured, const Clock& clock)
        : config(std::move(configured)), cloud(config.aws, clock) {}

    TezosConfig config;
    Cloud cloud;
    tezos::Keys keys;  // in the order of config.key_arns
};

/// Reads the configuration, says in the log which it is, and sees to the public keys.
[[nodiscard, gnu::cold]] std::expected<std::unique_ptr<TezosSetup>, InitError> set_up_tezos(
    const Environment& environment, const Clock& clock);

}  // namespace redoubt::bootstrap
