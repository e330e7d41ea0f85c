// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include <redoubt/base/json.hpp>

#include "rules.hpp"

namespace redoubt::simulation::ethereum {

/// What somebody else has signed, by key, as signers hand it to each other (EIP-3076).
[[nodiscard]] Json interchange_of(const std::string& genesis_validators_root,
                                  const std::map<std::string, std::vector<Message>>& signed_by);

/// What an interchange of ours says, by key: one block and one vote each.
[[nodiscard]] std::map<std::string, Marks> marks_of(const Json& interchange);

}  // namespace redoubt::simulation::ethereum
