// SPDX-License-Identifier: Apache-2.0
#include "config/tezos.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace redoubt::bootstrap {
namespace {

/// What the fingerprint covers, in its order. Not BASE_PATH: it may be short, and whoever reads the
/// log knows all the others, so could find it by trying.
constexpr std::array<std::string_view, 17> fingerprinted = {"AUTHORIZED_KEYS",
                                                            "AWS_CA_BUNDLE",
                                                            "AWS_ENDPOINT_URL",
                                                            "AWS_ENDPOINT_URL_DYNAMODB",
                                                            "AWS_ENDPOINT_URL_KMS",
                                                            "AWS_USE_DUALSTACK_ENDPOINT",
                                                            "AWS_USE_FIPS_ENDPOINT",
                                                            "BACKUP",
                                                            "BACKUP_RECIPIENTS",
                                                            "HEDGING",
                                                            "KMS_KEY_ID",
                                                            "KNOWN_KEYS",
                                                            "PROVE_POSSESSION",
                                                            "PUBLIC_KEYS",
                                                            "SEALED_KEYS",
                                                            "WATERMARK_TABLE",
                                                            "WRAPPING_KEYS"};

/// Who may be listed by a variable.
struct Kinds {
    bool bls;
    bool others;
    std::string_view are;  // what an entry must be
};
constexpr Kinds any_kind{true, true, "is not a Tezos public key (edpk, sppk, p2pk or BLpk)"};
constexpr Kinds kms_kinds{false, true,
                          "is not a Tezos public key of a kind that KMS has (edpk, sppk or p2pk)"};
constexpr Kinds sealed_kind{true, false,
                            "is not a BLS public key (BLpk), or is a point that no key has"};

bool is_of(const crypto::PublicKey& key, const Kinds& kinds) {
    const bool is_bls = key.scheme() == crypto::SignatureScheme::Bls12381;
    return is_bls ? kinds.bls : kinds.others;
}

/// None if it is not set.
tezos::Keys read_keys(Variables& variables, const std::string& name, const Kinds& kinds) {
    tezos::Keys keys;
    const std::string& list = variables.get(name);
    if (list.empty()) return keys;
    std::size_t position = 0;
    for (const std::string& entry : split(list)) {
        const std::string which = entry_name(name, ++position);
        auto key = tezos::parse_public_key(entry);
        if (!key || !is_of(*key, kinds)) {
            variables.wrong_value(which, entry,
                                  entry.empty() ? "is empty: remove a comma" : kinds.are);
            continue;
        }
        tezos::KeyInfo parsed(std::move(*key));
        if (tezos::find(keys, parsed.hash) != nullptr) {
            variables.mistake(which + " (" + parsed.address + ") is listed twice");
        }
        keys.push_back(std::move(parsed));
    }
    return keys;
}

std::optional<tezos::Keys> read_public_keys(Variables& variables) {
    const std::string& list = variables.get("PUBLIC_KEYS");
    if (list.empty()) return std::nullopt;
    auto keys = read_keys(variables, "PUBLIC_KEYS", kms_kinds);
    if (split(list).size() != split(variables.get("KMS_KEY_ID")).size()) {
        variables.mistake(
            "PUBLIC_KEYS names another number of keys than KMS_KEY_ID: list one for each, in the "
            "same order, or remove it");
    }
    return keys;
}

tezos::Keys read_authorized_keys(Variables& variables) {
    variables.required("AUTHORIZED_KEYS", "the Tezos public keys whose requests are signed");
    return read_keys(variables, "AUTHORIZED_KEYS", any_kind);
}

/// That there are keys to work with, as far as the lists say.
void demand_keys(Variables& variables, TezosRole role) {
    const auto is_set = [&variables](std::string_view name) {
        return !variables.get(name).empty();
    };
    if (is_set("SEALED_KEYS") && !is_set("WRAPPING_KEYS")) {
        variables.required("WRAPPING_KEYS", "the ARNs of the KMS keys that SEALED_KEYS need");
    }
    const std::string_view other = role == TezosRole::Signer ? "SEALED_KEYS" : "WRAPPING_KEYS";
    if (is_set("KMS_KEY_ID") || is_set("SEALED_KEYS") || is_set(other)) return;
    variables.required("KMS_KEY_ID",
                       "one or more KMS key ARNs, or set " + std::string(other) +
                           (role == TezosRole::Signer ? " to BLS public keys (BLpk)"
                                                      : " to those of the keys that seal"));
}

std::vector<aws::KeyArn> all_keys(const TezosConfig& config) {
    std::vector<aws::KeyArn> keys = config.key_arns;
    keys.insert(keys.end(), config.wrapping_keys.begin(), config.wrapping_keys.end());
    return keys;
}

std::vector<std::string> read_base_path(Variables& variables) {
    std::vector<std::string> parts;
    std::string_view path = variables.get("BASE_PATH");
    if (path.empty()) return parts;
    if (path.front() != '/') {
        variables.wrong_value("BASE_PATH", path, "must begin with a slash: /name");
        return parts;
    }
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, end);
        const bool is_legal = !part.empty() && std::ranges::all_of(part, [](unsigned char c) {
            return std::isalnum(c) != 0 || std::string_view("-._~$").contains(static_cast<char>(c));
        });
        if (!is_legal) {
            variables.wrong_value("BASE_PATH", variables.get("BASE_PATH"),
                                  "must be parts of letters, digits and -._~$, each after one "
                                  "slash, and must not end with a slash: /name");
            return parts;
        }
        parts.emplace_back(part);
        path.remove_prefix(end);
    }
    return parts;
}

}  // namespace

std::expected<TezosConfig, Mistakes> read_tezos_config(const Environment& environment,
                                                       TezosRole role) {
    Variables variables(environment);
    TezosConfig config;
    config.aws = read_aws(variables);
    config.key_arns = read_key_arns(variables, "KMS_KEY_ID", config.aws.region);
    config.public_keys = read_public_keys(variables);
    config.sealed_keys = read_keys(variables, "SEALED_KEYS", sealed_kind);
    config.wrapping_keys = read_wrapping_keys(variables);
    demand_keys(variables, role);
    config.authorized_keys = read_authorized_keys(variables);
    config.table = read_table(variables, "WATERMARK_TABLE", "the name of the table of watermarks");
    config.base_path = read_base_path(variables);
    config.known_keys = variables.is_set_to("KNOWN_KEYS", "on");
    if (role == TezosRole::KeyHandler) config.backup_recipients = read_backup(variables);
    config.prove_possession = variables.is_set_to("PROVE_POSSESSION", "on");
    read_services(variables, all_keys(config), config.aws);
    config.fingerprint = variables.fingerprint(fingerprinted);
    if (!variables.mistakes().empty()) return std::unexpected(variables.mistakes());
    return config;
}

}  // namespace redoubt::bootstrap
