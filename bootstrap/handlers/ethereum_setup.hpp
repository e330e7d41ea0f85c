// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "config/ethereum.hpp"
#include "handlers/setup.hpp"

namespace redoubt::bootstrap {

using EthereumSetup = Setup<EthereumConfig>;

/// Reads the configuration and says in the log which it is. `tries`: of calls to AWS, see Cloud.
[[nodiscard, gnu::cold]] std::expected<std::unique_ptr<EthereumSetup>, InitError> set_up_ethereum(
    const Environment& environment, const Clock& clock,
    const std::vector<Milliseconds>& tries = {});

}  // namespace redoubt::bootstrap
