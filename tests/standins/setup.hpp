// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/tezos/keys.hpp>

#include "signature_check.hpp"

namespace redoubt::standins {

/// A Tezos key of the local world, secret included.
struct LocalKey {
    std::string arn;     ///< empty for the authorized key, and for those that are sealed
    std::string secret;  ///< base58: edsk, spsk or p2sk; empty for those that are sealed
};

/// Everything that a user of the local world may want to know.
struct Setup {
    std::string url;                ///< of the signer, with its base path
    std::string ethereum_url = {};  ///< of Ethereum's signer; empty: none
    std::string control;            ///< empty: none
    std::string kms_endpoint;
    std::string dynamodb_endpoint;
    std::string ca_file;
    LocalCredentials credentials;
    std::string table = "redoubt-watermarks";
    std::string validator_table;  ///< empty: none
    tezos::ChainId chain;
    std::uint32_t start_level = 0;
    bool armed = false;
    tezos::Keys keys;               ///< those in KMS, then those that are sealed
    std::vector<LocalKey> secrets;  ///< in the order of `keys`
    /// In the same order: of a tz4 key, the one that signs beside it.
    std::vector<std::optional<tezos::KeyInfo>> companions;
    std::vector<std::string> wrapping;  ///< ARNs of the KMS keys that wrap others
    tezos::Keys authorized;
    LocalKey authorized_secret;
    std::string bootstrap;
    std::size_t environments = 0;
};

/// As the control API shows it.
[[nodiscard]] Json to_json(const Setup& setup);

[[nodiscard]] std::string_view name(crypto::SignatureScheme scheme);

}  // namespace redoubt::standins
