// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/tezos/keys.hpp>

#include "config/aws.hpp"

namespace redoubt::bootstrap {

/// Everything that the environment says to Tezos' signer and operator, parsed and checked.
struct TezosConfig {
    AwsConfig aws;
    std::vector<aws::KeyArn> key_arns;
    std::optional<tezos::Keys> public_keys;  // in the order of key_arns
    tezos::Keys authorized_keys;
    std::string table;
    std::vector<std::string> base_path;  // its parts
    bool known_keys = false;
    std::string fingerprint;  // Variables::fingerprint
};

[[nodiscard]] std::expected<TezosConfig, Mistakes> read_tezos_config(
    const Environment& environment);

}  // namespace redoubt::bootstrap
