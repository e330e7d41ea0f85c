// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <algorithm>
#include <string>

namespace redoubt::adapters {
namespace {

std::unexpected<Error> bad_request(std::string what) {
    return fail(Code::BadRequest, std::move(what));
}

Result<std::vector<tezos::KeyHash>> read_keys(const Json& command, const tezos::Keys& known) {
    std::vector<tezos::KeyHash> hashes;
    const Json* list = member(command, "keys");
    if (list == nullptr) {
        for (const auto& key : known) hashes.push_back(key.hash);
        return hashes;
    }
    if (!list->is_array() || list->empty()) return bad_request("`keys` is a list of addresses");
    for (const Json& entry : *list) {
        const auto* text = entry.get_ptr<const std::string*>();
        const auto hash = text == nullptr ? std::nullopt : tezos::parse_key_hash(*text);
        if (!hash || tezos::find(known, *hash) == nullptr) {
            return fail(Code::UnknownKey, "`keys` names an address that is not in KMS_KEY_ID");
        }
        if (std::ranges::find(hashes, *hash) != hashes.end()) {
            return bad_request("`keys` names an address twice");
        }
        hashes.push_back(*hash);
    }
    return hashes;
}

}  // namespace

Result<void> demand_fields(const Json& command, std::initializer_list<std::string_view> allowed) {
    for (const auto& [name, value] : command.items()) {
        if (name != "command" && std::ranges::find(allowed, name) == allowed.end()) {
            return bad_request("this command has no field `" + name + "`");
        }
    }
    return {};
}

Result<std::uint32_t> read_int31_field(const Json& command, std::string_view name) {
    const Json* value = member(command, name);
    if (value == nullptr || !value->is_number_integer() || *value < 0 ||
        *value > tezos::max_int31) {
        return bad_request("`" + std::string(name) + "` is a whole number below 2^31");
    }
    return value->get<std::uint32_t>();
}

Result<bool> read_force(const Json& command) {
    const Json* value = member(command, "force");
    if (value == nullptr) return false;
    if (!value->is_boolean()) return bad_request("`force` is true or false");
    return value->get<bool>();
}

Result<std::vector<tezos::WatermarkId>> read_scopes(const Json& command, const tezos::Keys& known) {
    const std::string* text = string_member(command, "chain");
    const auto chain = text == nullptr ? std::nullopt : tezos::parse_chain_id(*text);
    if (!chain) return bad_request("`chain` is a chain id such as NetXdQprcVkpaWU");
    const auto hashes = read_keys(command, known);
    if (!hashes) return std::unexpected(hashes.error());
    std::vector<tezos::WatermarkId> ids;
    for (const tezos::KeyHash& hash : *hashes) {
        for (auto kind : {tezos::ConsensusKind::Block, tezos::ConsensusKind::Preattestation,
                          tezos::ConsensusKind::Attestation}) {
            ids.push_back({hash, *chain, kind});
        }
    }
    return ids;
}

}  // namespace redoubt::adapters
