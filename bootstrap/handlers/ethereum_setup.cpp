// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_setup.hpp"

namespace redoubt::bootstrap {

std::expected<std::unique_ptr<EthereumSetup>, InitError> set_up_ethereum(
    const Environment& environment, const Clock& clock, const std::vector<Milliseconds>& tries) {
    return set_up<EthereumSetup>(read_ethereum_config(environment), environment, clock, tries);
}

}  // namespace redoubt::bootstrap
