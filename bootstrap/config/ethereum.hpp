// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/ethereum/network.hpp>

#include "config/aws.hpp"
#include "config/backup.hpp"

namespace redoubt::bootstrap {

/// Everything that the environment says to Ethereum's functions, parsed and checked.
struct EthereumConfig {
    AwsConfig aws;
    std::string table;
    ethereum::Network network;
    std::vector<aws::KeyArn> wrapping_keys;  // of KMS, in any Region; at least one
    unsigned threshold = 1;                  // of the wraps of new keys
    /// Nothing if it was not said.
    std::optional<std::vector<backup::Recipient>> backup_recipients;
    bool principals = false;   // roles of IAM are let in, and no tokens
    bool gloas_draft = false;  // its drafts are signed
    std::string fingerprint;   // Variables::fingerprint
};

[[nodiscard]] std::expected<EthereumConfig, Mistakes> read_ethereum_config(
    const Environment& environment);

}  // namespace redoubt::bootstrap
