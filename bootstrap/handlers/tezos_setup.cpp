// SPDX-License-Identifier: Apache-2.0
#include "handlers/tezos_setup.hpp"

namespace redoubt::bootstrap {
namespace {

/// Lambda gives init ten seconds.
constexpr Milliseconds init_time{8000};

}  // namespace

std::expected<std::unique_ptr<TezosSetup>, InitError> set_up_tezos(const Environment& environment,
                                                                   const Clock& clock,
                                                                   TezosRole role) {
    return set_up<TezosSetup>(read_tezos_config(environment, role), environment, clock);
}

std::expected<void, InitError> find_keys(TezosSetup& setup, const Clock& clock,
                                         const RunExchanges& run) {
    const bool is_known = setup.config.public_keys.has_value();
    const std::vector<aws::KeyArn> unknown =
        is_known ? std::vector<aws::KeyArn>() : setup.config.key_arns;
    const PublicKeyRequests requests(setup.cloud.kms(), unknown);
    run(requests.exchanges(), clock.steady() + init_time);
    const auto fetched = requests.outcome();
    if (!fetched) {
        return std::unexpected(
            InitError{"Runtime.NoPublicKeys",
                      list_mistakes("KMS has no usable public key for:", fetched.error())});
    }
    if (is_known) setup.keys = *setup.config.public_keys;
    for (const crypto::PublicKey& key : *fetched) setup.keys.emplace_back(key);
    const tezos::Keys& sealed = setup.config.sealed_keys;
    setup.keys.insert(setup.keys.end(), sealed.begin(), sealed.end());
    return {};
}

}  // namespace redoubt::bootstrap
