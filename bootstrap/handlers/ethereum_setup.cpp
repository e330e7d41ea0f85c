// SPDX-License-Identifier: Apache-2.0
#include "handlers/ethereum_setup.hpp"

#include "log/line.hpp"

namespace redoubt::bootstrap {

std::expected<std::unique_ptr<EthereumSetup>, InitError> set_up_ethereum(
    const Environment& environment, const Clock& clock, const std::vector<Milliseconds>& tries) {
    auto config = read_ethereum_config(environment);
    if (!config) {
        const std::string count = std::to_string(config.error().size());
        return std::unexpected(InitError{
            "Runtime.InvalidConfiguration",
            list_mistakes("The configuration has " + count + " mistake(s):", config.error())});
    }
    log(clock, Severity::Info, "configured",
        {{"version", REDOUBT_VERSION},
         {"handler", environment.get("_HANDLER")},
         {"configuration", config->fingerprint}});
    return std::make_unique<EthereumSetup>(std::move(*config), clock, tries);
}

}  // namespace redoubt::bootstrap
