// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/operator/tezos/sealed_contents.hpp>

namespace redoubt::tezos_operator {
namespace {

Json keys_to_json(const Context& context, const SealedContents& contents) {
    Json keys = Json::array();
    for (const tezos_adapters::SealedItem& key : contents.keys) {
        const tezos::KeyHash hash = tezos::hash_of(key.public_key);
        keys.push_back({{"pkh", tezos::to_text(hash)},
                        {"public_key", tezos::to_text(key.public_key)},
                        {"wrap", key.wrap.text()},
                        {"made", key.made_ms},
                        {"backup", key.backup.has_value()},
                        {"served", tezos::find(context.consensus_keys, hash) != nullptr}});
    }
    return keys;
}

Json wraps_to_json(const SealedContents& contents) {
    Json wraps = Json::array();
    for (const sealed::Wrap& wrap : contents.wraps) {
        Json kms_keys = Json::array();
        for (const sealed::EncryptedShare& share : wrap.shares) kms_keys.push_back(share.key);
        wraps.push_back({{"wrap", wrap.id.text()},
                         {"threshold", wrap.threshold},
                         {"kms_keys", std::move(kms_keys)},
                         {"made", wrap.made_ms}});
    }
    return wraps;
}

/// Of SEALED_KEYS.
Json missing(const Context& context, const SealedContents& contents) {
    Json addresses = Json::array();
    for (std::size_t i = context.key_arns.size(); i < context.consensus_keys.size(); ++i) {
        const tezos::KeyInfo& key = context.consensus_keys[i];
        if (find_key(contents, key.public_key) == nullptr) addresses.push_back(key.address);
    }
    return addresses;
}

operators::CommandResult run_list_keys(const Context& context, SteadyTime deadline) {
    const auto contents = read_contents(context, deadline);
    if (!contents) return operators::failed(contents.error());
    Json damaged = Json::array();
    for (const DamagedItem& item : contents->damaged) {
        damaged.push_back({{"pkh", item.pkh}, {"scope", item.scope}});
    }
    return {.members = {{"keys", keys_to_json(context, *contents)},
                        {"missing", missing(context, *contents)},
                        {"damaged", std::move(damaged)},
                        {"wraps", wraps_to_json(*contents)}}};
}

}  // namespace

operators::Command list_keys(const Context& context) {
    return {"list_keys", {}, [&context](const Json& /*fields*/, SteadyTime deadline) {
                return run_list_keys(context, deadline);
            }};
}

}  // namespace redoubt::tezos_operator
