// SPDX-License-Identifier: Apache-2.0
#include "interchange.hpp"

#include <redoubt/ethereum/interchange.hpp>

namespace redoubt::ethereum_operator {

Json interchange_of(const Context& context,
                    const std::vector<ethereum_adapters::Validator>& validators) {
    std::vector<ethereum::LastSigned> keys;
    for (const ethereum_adapters::Validator& validator : validators) {
        keys.push_back({validator.key, validator.slot, validator.source, validator.target,
                        validator.block_root, validator.attestation_root});
    }
    return parse_json(ethereum::write_interchange(keys, context.network)).value_or(Json());
}

}  // namespace redoubt::ethereum_operator
