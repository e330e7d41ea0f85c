// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/crypto/public_key.hpp>

#include "faults.hpp"

namespace redoubt::standins {

/// What the command line says.
struct Options {
    std::uint32_t levels = 20;  ///< 0: no baker
    Milliseconds block{1000};
    bool once = false;
    bool json = false;
    int port = 8080;  ///< 0: any
    std::size_t environments = 2;
    Milliseconds kms{0};
    Milliseconds dynamodb{0};
    std::vector<Fault> faults;
    std::optional<int> control_port;
    Milliseconds timeout{3000};
    std::vector<std::pair<std::string, std::string>> variables;
    std::string bootstrap;  ///< empty: the one beside this program
    std::vector<crypto::SignatureScheme> keys = {crypto::SignatureScheme::Ed25519,
                                                 crypto::SignatureScheme::Secp256k1,
                                                 crypto::SignatureScheme::P256};
    std::string network;                        ///< of Ethereum; empty: none of its functions
    std::vector<std::string> wrapping_regions;  ///< a wrapping key in each
    bool help = false;
};

/// The options, or what is wrong with them.
[[nodiscard]] std::expected<Options, std::string> parse_options(
    std::span<const std::string_view> arguments);

[[nodiscard]] std::string_view usage();

}  // namespace redoubt::standins
