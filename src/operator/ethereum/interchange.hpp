// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

namespace redoubt::ethereum_operator {

/// What the table remembers of these, as other signers read it (EIP-3076, version 5): of each the
/// highest block and the highest attestation.
[[nodiscard]] Json interchange_of(const Context& context,
                                  const std::vector<ethereum_adapters::Validator>& validators);

}  // namespace redoubt::ethereum_operator
