// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/tezos/keys.hpp>

#include "config/aws.hpp"
#include "config/backup.hpp"

namespace redoubt::bootstrap {

/// What Tezos' functions are for: each has to have other keys.
enum class TezosRole {
    Signer,      // consensus keys, in KMS or sealed
    KeyHandler,  // makes keys or brings them in, so there may be none yet
};

/// Everything that the environment says to Tezos' functions, parsed and checked.
struct TezosConfig {
    AwsConfig aws;
    std::vector<aws::KeyArn> key_arns;       // of the consensus keys that KMS holds
    std::optional<tezos::Keys> public_keys;  // in the order of key_arns
    tezos::Keys sealed_keys;                 // the consensus keys that the table holds, sealed
    std::vector<aws::KeyArn> wrapping_keys;  // of KMS, in any Region
    tezos::Keys authorized_keys;
    std::string table;
    std::vector<std::string> base_path;  // its parts
    bool known_keys = false;
    bool prove_possession = false;
    /// Of key handlers; nothing if it was not said.
    std::optional<std::vector<backup::Recipient>> backup_recipients;
    std::string fingerprint;  // Variables::fingerprint
};

[[nodiscard]] std::expected<TezosConfig, Mistakes> read_tezos_config(const Environment& environment,
                                                                     TezosRole role);

}  // namespace redoubt::bootstrap
