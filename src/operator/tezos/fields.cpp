// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <algorithm>
#include <string>

namespace redoubt::tezos_operator {

Result<std::uint32_t> read_int31_field(const Json& fields, std::string_view name) {
    const Json* value = member(fields, name);
    if (value == nullptr || !value->is_number_integer() || *value < 0 ||
        *value > tezos::max_int31) {
        return bad_request("`" + std::string(name) +
                           "` must be a whole number from 0 to 2147483647");
    }
    return value->get<std::uint32_t>();
}

tezos::Level highest_possible_level(WallTime now) {
    using namespace std::chrono;
    constexpr WallTime first_day{sys_days(2018y / June / 30)};
    const auto seconds = duration_cast<std::chrono::seconds>(now - first_day).count();
    return tezos::Level(static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(seconds, 0, std::int64_t{tezos::max_int31})));
}

Result<tezos::Level> read_level(const Json& fields, WallTime now, std::string_view name) {
    const auto level = read_int31_field(fields, name);
    if (!level) return std::unexpected(level.error());
    const tezos::Level highest = highest_possible_level(now);
    if (*level > highest.value()) {
        return fail(Code::TooFarAhead,
                    "no chain can be at level " + std::to_string(*level) +
                        ": at one level a second since 2018 it would be at " +
                        std::to_string(highest.value()) +
                        " today. Look up the level of your chain's head; perhaps this one has a "
                        "digit too many");
    }
    return tezos::Level(*level);
}

std::optional<Error> doubt_level(tezos::Level level, bool force) {
    if (force || level <= unlikely_level) return std::nullopt;
    return Error{Code::TooFarAhead,
                 "level " + std::to_string(level.value()) +
                     " is higher than that of any known chain: perhaps it has a digit too many. "
                     "Nothing undoes this, and the key would sign nothing until the chain is "
                     "there. Look up the level of your chain's head; if it really is there, add "
                     "`force`: true",
                 {}};
}

Result<tezos::ChainId> read_chain(const Json& fields) {
    const std::string* text = string_member(fields, "chain");
    const auto chain = text == nullptr ? std::nullopt : tezos::parse_chain_id(*text);
    if (!chain) return bad_request("`chain` must be a chain id, such as NetXdQprcVkpaWU");
    return *chain;
}

Result<std::vector<tezos::KeyHash>> read_keys(const Json& fields, const tezos::Keys& known,
                                              std::string_view known_as) {
    std::vector<tezos::KeyHash> hashes;
    const Json* list = member(fields, "keys");
    if (list == nullptr) {
        for (const auto& key : known) hashes.push_back(key.hash);
        return hashes;
    }
    if (!list->is_array() || list->empty())
        return bad_request("`keys` must be a list of addresses, none twice");
    for (const Json& entry : *list) {
        const auto* text = entry.get_ptr<const std::string*>();
        const auto hash = text == nullptr ? std::nullopt : tezos::parse_key_hash(*text);
        if (!hash) {
            return fail(Code::UnknownKey, "`keys`: entry " + std::to_string(hashes.size() + 1) +
                                              " is not an address (tz...), perhaps mistyped: "
                                              "`status` shows this signer's");
        }
        if (tezos::find(known, *hash) == nullptr) {
            return fail(Code::UnknownKey, "`keys`: " + tezos::to_text(*hash) + " is not " +
                                              std::string(known_as) +
                                              ": `status` shows the addresses that are");
        }
        if (std::ranges::find(hashes, *hash) != hashes.end()) {
            return bad_request("`keys` names " + *text + " twice");
        }
        hashes.push_back(*hash);
    }
    return hashes;
}

Result<std::vector<tezos::WatermarkId>> read_watermark_ids(const Json& fields,
                                                           const tezos::Keys& known) {
    const auto chain = read_chain(fields);
    if (!chain) return std::unexpected(chain.error());
    const auto hashes = read_keys(fields, known);
    if (!hashes) return std::unexpected(hashes.error());
    std::vector<tezos::WatermarkId> ids;
    for (const tezos::KeyHash& hash : *hashes) {
        for (const tezos::ConsensusKind kind : tezos::all_kinds) {
            ids.push_back({hash, *chain, kind});
        }
    }
    return ids;
}

}  // namespace redoubt::tezos_operator
