// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "config/tezos.hpp"
#include "handlers/setup.hpp"

namespace redoubt::bootstrap {

struct TezosSetup : Setup<TezosConfig> {
    using Setup::Setup;

    /// For the signatures that follow.
    void ensure_connections(SteadyTime deadline) {
        // Sealed keys need KMS once, when they are opened.
        cloud.ensure_connections(!config.key_arns.empty(), deadline);
    }

    /// All that this function serves: those in KMS, in the order of config.key_arns, then those
    /// that are sealed. None before `find_keys`.
    tezos::Keys keys;
};

/// Reads the configuration and says in the log which it is.
[[nodiscard, gnu::cold]] std::expected<std::unique_ptr<TezosSetup>, InitError> set_up_tezos(
    const Environment& environment, const Clock& clock, TezosRole role);

/// Sees to the public keys: `run` is given what asks KMS for them, if they are not configured, and
/// a deadline.
using RunExchanges = std::function<void(std::span<io::Exchange* const>, SteadyTime)>;
[[nodiscard, gnu::cold]] std::expected<void, InitError> find_keys(TezosSetup& setup,
                                                                  const Clock& clock,
                                                                  const RunExchanges& run);

}  // namespace redoubt::bootstrap
