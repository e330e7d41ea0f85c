// SPDX-License-Identifier: Apache-2.0
#include "config/ethereum.hpp"

#include <algorithm>
#include <array>

namespace redoubt::bootstrap {
namespace {

/// What the fingerprint covers, in its order.
constexpr std::array<std::string_view, 16> ethereum_variables = {"AWS_CA_BUNDLE",
                                                                 "AWS_ENDPOINT_URL",
                                                                 "AWS_ENDPOINT_URL_DYNAMODB",
                                                                 "AWS_ENDPOINT_URL_KMS",
                                                                 "AWS_USE_DUALSTACK_ENDPOINT",
                                                                 "AWS_USE_FIPS_ENDPOINT",
                                                                 "BACKUP",
                                                                 "BACKUP_RECIPIENTS",
                                                                 "GLOAS",
                                                                 "HEDGING",
                                                                 "NETWORK",
                                                                 "NETWORK_JSON",
                                                                 "PRINCIPALS",
                                                                 "VALIDATOR_TABLE",
                                                                 "WRAPPING_KEYS",
                                                                 "WRAP_THRESHOLD"};

constexpr std::string_view custom = "custom";

/// `mainnet, hoodi, ... or custom`
std::string list_networks() {
    std::string list;
    for (const ethereum::Network& network : ethereum::known_networks()) list += network.name + ", ";
    return list.substr(0, list.size() - 2) + " or " + std::string(custom);
}

/// Of a custom network.
ethereum::Network read_described(Variables& variables) {
    const std::string& json =
        variables.required("NETWORK_JSON", "the description of the network, as NETWORK is custom");
    if (json.empty()) return {};
    auto network = ethereum::parse_network(json);
    if (network) return std::move(*network);
    variables.mistake("NETWORK_JSON: " + network.error().message);
    return {};
}

ethereum::Network read_network(Variables& variables) {
    const std::string& name = variables.required("NETWORK", list_networks());
    if (name == custom) return read_described(variables);
    if (!variables.get("NETWORK_JSON").empty()) {
        variables.mistake("NETWORK_JSON describes a network, but NETWORK is not custom: remove it");
    }
    if (name.empty()) return {};
    auto network = ethereum::find_network(name);
    if (network) return std::move(*network);
    variables.wrong_value("NETWORK", name, "must be " + list_networks());
    return {};
}

unsigned read_threshold(Variables& variables, std::size_t keys) {
    const std::string& text = variables.get("WRAP_THRESHOLD");
    if (text.empty()) return 1;
    const bool is_digit = text.size() == 1 && text[0] >= '1' && text[0] <= '9';
    const unsigned threshold = is_digit ? static_cast<unsigned>(text[0] - '0') : 0;
    if (threshold >= 1 && threshold <= keys) return threshold;
    variables.wrong_value(
        "WRAP_THRESHOLD", text,
        "must be a number from 1 to " + std::to_string(keys) + ", as many as WRAPPING_KEYS lists");
    return 1;
}

}  // namespace

std::expected<EthereumConfig, Mistakes> read_ethereum_config(const Environment& environment) {
    Variables variables(environment);
    EthereumConfig config;
    config.aws = read_aws(variables);
    config.table = read_table(variables, "VALIDATOR_TABLE", "the name of the table of validators");
    config.network = read_network(variables);
    variables.required("WRAPPING_KEYS", "the ARNs of the KMS keys that seal");
    config.wrapping_keys = read_wrapping_keys(variables);
    config.threshold = read_threshold(variables, config.wrapping_keys.size());
    config.backup_recipients = read_backup(variables);
    config.principals = variables.is_set_to("PRINCIPALS", "on", "off");
    config.gloas_draft = variables.is_set_to("GLOAS", "draft");
    read_services(variables, config.wrapping_keys, config.aws);
    config.fingerprint = variables.fingerprint(ethereum_variables);
    if (!variables.mistakes().empty()) return std::unexpected(variables.mistakes());
    return config;
}

}  // namespace redoubt::bootstrap
