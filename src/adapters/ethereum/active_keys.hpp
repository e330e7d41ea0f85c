// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/ethereum/ports.hpp>

namespace redoubt::ethereum_adapters {

/// The keys that are on, by all shards of the index `active` side by side; in the order of their
/// shards. Errors: those of the table.
[[nodiscard]] Result<std::vector<ethereum::KeyTags>> list_active_keys(aws::Service& dynamodb,
                                                                      io::ExchangeRunner& runner,
                                                                      const std::string& table,
                                                                      SteadyTime deadline);

}  // namespace redoubt::ethereum_adapters
