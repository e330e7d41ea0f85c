// SPDX-License-Identifier: Apache-2.0
#include "handlers/tezos_setup.hpp"

#include "log/line.hpp"

namespace redoubt::bootstrap {
namespace {

/// Lambda gives init ten seconds.
constexpr Milliseconds init_time{8000};

std::expected<tezos::Keys, Mistakes> fetch_keys(Cloud& cloud, TezosConfig& config,
                                                SteadyTime deadline) {
    if (config.public_keys) return std::move(*config.public_keys);
    const auto fetched = cloud.fetch_public_keys(config.key_arns, deadline);
    if (!fetched) return std::unexpected(fetched.error());
    tezos::Keys keys;
    for (const crypto::PublicKey& key : *fetched) keys.emplace_back(key);
    return keys;
}

}  // namespace

std::expected<std::unique_ptr<TezosSetup>, InitError> set_up_tezos(const Environment& environment,
                                                                   const Clock& clock) {
    auto config = read_tezos_config(environment);
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
    auto setup = std::make_unique<TezosSetup>(std::move(*config), clock);
    auto keys = fetch_keys(setup->cloud, setup->config, clock.steady() + init_time);
    if (!keys) {
        return std::unexpected(
            InitError{"Runtime.NoPublicKeys",
                      list_mistakes("KMS has no usable public key for:", keys.error())});
    }
    setup->keys = std::move(*keys);
    return setup;
}

}  // namespace redoubt::bootstrap
