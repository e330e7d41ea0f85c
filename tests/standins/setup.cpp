// SPDX-License-Identifier: Apache-2.0
#include "setup.hpp"

#include <redoubt/base/encoding.hpp>

namespace redoubt::standins {

std::string_view name(crypto::SignatureScheme scheme) {
    switch (scheme) {
        case crypto::SignatureScheme::Ed25519: return "ed25519";
        case crypto::SignatureScheme::Secp256k1: return "secp256k1";
        case crypto::SignatureScheme::P256: return "p256";
        case crypto::SignatureScheme::Bls12381: return "bls";
    }
    return "";
}

Json to_json(const Setup& setup) {
    Json keys = Json::array();
    for (std::size_t at = 0; at < setup.keys.size(); ++at) {
        const tezos::KeyInfo& key = setup.keys[at];
        keys.push_back({{"pkh", key.address},
                        {"public_key", key.public_key_text},
                        {"arn", setup.secrets[at].arn},
                        {"curve", name(key.hash.scheme)},
                        {"secret_key", setup.secrets[at].secret}});
        if (const auto& companion = setup.companions[at]) {
            keys.back()["companion"] = {{"pkh", companion->address},
                                        {"public_key", companion->public_key_text}};
        }
    }
    const tezos::KeyInfo& authorized = setup.authorized.front();
    return {{"url", setup.url},
            {"ethereum_url", setup.ethereum_url},
            {"kms_endpoint", setup.kms_endpoint},
            {"dynamodb_endpoint", setup.dynamodb_endpoint},
            {"ca_file", setup.ca_file},
            {"region", "us-east-1"},
            {"access_key_id", setup.credentials.access_key_id},
            {"secret_access_key", setup.credentials.secret_access_key},
            {"session_token", setup.credentials.session_token},
            {"table", setup.table},
            {"validator_table", setup.validator_table},
            {"chain", to_text(setup.chain)},
            {"chain_hex", to_hex(setup.chain.value())},
            {"start_level", setup.start_level},
            {"armed", setup.armed},
            {"keys", keys},
            {"wrapping_keys", setup.wrapping},
            {"authorized",
             {{"public_key", authorized.public_key_text},
              {"pkh", authorized.address},
              {"secret_key", setup.authorized_secret.secret}}},
            {"bootstrap", setup.bootstrap}};
}

}  // namespace redoubt::standins
