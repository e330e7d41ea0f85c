// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/aws/credentials.hpp>
#include <redoubt/aws/endpoint.hpp>
#include <redoubt/tezos/keys.hpp>

#include "config/environment.hpp"

namespace redoubt::bootstrap {

/// Everything that the environment says, parsed and checked.
struct Config {
    bool is_operator = false;  // _HANDLER
    std::string region;
    std::vector<aws::KeyArn> key_arns;
    std::optional<tezos::Keys> public_keys;  // in the order of key_arns
    tezos::Keys authorized_keys;
    std::string table;
    std::vector<std::string> base_path;
    bool known_keys = false;
    bool hedging = true;
    std::string trusted_roots;  // PEM
    aws::Endpoint kms;
    aws::Endpoint dynamodb;
    aws::Credentials credentials;
    /// Tells configurations apart without telling them: SHA-256, in hex, of `NAME=value` lines.
    std::string fingerprint;
};

/// All mistakes, each with what to change.
using Mistakes = std::vector<std::string>;

[[nodiscard]] std::expected<Config, Mistakes> read_config(const Environment& environment);

}  // namespace redoubt::bootstrap
