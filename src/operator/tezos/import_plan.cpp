// SPDX-License-Identifier: Apache-2.0
#include "import_plan.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "fields.hpp"

namespace redoubt::tezos_operator {
namespace {

using tezos::formats::Marks;

/// `a, b and 3 more`
std::string list_some(const std::set<std::string>& names) {
    constexpr std::size_t most = 5;
    std::string list;
    std::size_t told = 0;
    for (const std::string& name : names) {
        if (told == most) return list + " and " + std::to_string(names.size() - most) + " more";
        list += (told++ == 0 ? "" : ", ") + name;
    }
    return list;
}

/// The one chain to import: `chain`, or the only one that there is.
Result<tezos::ChainId> choose_chain(const Marks& marks, const Json& fields) {
    std::set<std::string> chains;
    for (const auto& [id, at] : marks) chains.insert(tezos::to_text(id.chain));
    if (chains.empty()) {
        return fail(Code::BadRequest,
                    "the data holds no watermark: has its signer signed anything, and is this the "
                    "right file? For a key that never signed, `arm`");
    }
    if (member(fields, "chain") == nullptr) {
        if (chains.size() == 1) return marks.begin()->first.chain;
        return fail(Code::BadRequest, "the data is of several chains (" + list_some(chains) +
                                          "), and `level` of one: name it in `chain`");
    }
    auto chain = read_chain(fields);
    if (chain && !chains.contains(tezos::to_text(*chain))) {
        return fail(Code::BadRequest, "the data has nothing of the chain " +
                                          tezos::to_text(*chain) + ", only of " +
                                          list_some(chains) +
                                          ": correct `chain`, or give the "
                                          "other signer's data of that chain");
    }
    return chain;
}

/// The keys to import, in the order of `known`.
Result<std::vector<tezos::KeyHash>> choose_keys(const std::set<std::string>& in_data,
                                                const Json& fields, const tezos::Keys& known) {
    const auto named = read_keys(fields, known);
    if (!named) return std::unexpected(named.error());
    const bool are_named = member(fields, "keys") != nullptr;
    std::set<std::string> strangers = in_data;
    for (const tezos::KeyInfo& key : known) strangers.erase(key.address);
    if (!are_named && !strangers.empty()) {
        return fail(Code::UnknownKey,
                    "the data has watermarks of keys that this function does "
                    "not hold: " +
                        list_some(strangers) + ". Name those to import in `keys`");
    }
    std::vector<tezos::KeyHash> chosen;
    for (const tezos::KeyHash& key : *named) {
        if (in_data.contains(tezos::to_text(key))) {
            chosen.push_back(key);
        } else if (are_named) {
            return fail(Code::BadRequest, "the data has no watermark of " + tezos::to_text(key) +
                                              " on this chain: if it never signed there, `arm` it");
        }
    }
    return chosen;
}

/// Where the row is to stand; the level of no chain if that is past the last one.
tezos::Position raised_by_margin(const tezos::Position& known, std::uint32_t margin) {
    if (margin == 0) return known;
    const std::uint64_t level = std::uint64_t{known.level.value()} + margin;
    return {
        tezos::Level(static_cast<std::uint32_t>(std::min<std::uint64_t>(level, tezos::max_int31))),
        tezos::formats::last_round};
}

std::optional<Error> doubt(const ImportTarget& target, const ImportLevels& levels) {
    const tezos::Level level = target.at.level;
    const bool is_possible = level <= highest_possible_level(levels.now);
    const bool is_near = tezos::passes_loose_fence(tezos::pace_of(levels.head, levels.now),
                                                   tezos::pace_of(level, levels.now));
    if (is_possible && (is_near || levels.force)) return std::nullopt;
    const std::string row =
        std::string(tezos::name(target.id.kind)) + "s of " + tezos::to_text(target.id.key);
    if (!is_possible) {
        return Error{Code::TooFarAhead,
                     "no chain can be where " + row + " would have to stand, at level " +
                         std::to_string(level.value()) +
                         ": the key would never sign again. Is the data whole, and `margin` right?",
                     {}};
    }
    return Error{Code::TooFarAhead,
                 row + " would have to stand at level " + std::to_string(level.value()) +
                     ", far above the head's as given (" + std::to_string(levels.head.value()) +
                     "): look the head up again, and whether the data is of that chain. If all of "
                     "that is right, add `force`: true; the key signs nothing until the chain is "
                     "there",
                 {}};
}

ImportTarget target_of(const tezos::WatermarkId& id, const Marks& marks,
                       const ImportLevels& levels) {
    tezos::Position known{levels.head, tezos::formats::last_round};
    std::optional<tezos::Position> in_data;
    if (const auto mark = marks.find({id.chain, tezos::to_text(id.key), id.kind});
        mark != marks.end()) {
        in_data = mark->second;
        known = std::max(known, mark->second);
    }
    return {id, in_data, raised_by_margin(known, levels.margin)};
}

/// What of the data is not in the plan.
Json list_left_out(const Marks& marks, const ImportPlan& plan) {
    std::set<std::pair<std::string, std::string>> left_out;
    for (const auto& [id, at] : marks) {
        const auto is_target = [&id](const ImportTarget& target) {
            return target.id.chain == id.chain && tezos::to_text(target.id.key) == id.key;
        };
        if (std::ranges::none_of(plan.targets, is_target)) {
            left_out.insert({tezos::to_text(id.chain), id.key});
        }
    }
    Json list = Json::array();
    for (const auto& [chain, key] : left_out) list.push_back({{"chain", chain}, {"pkh", key}});
    return list;
}

}  // namespace

Result<ImportPlan> plan_import(const Marks& marks, const Json& fields, const tezos::Keys& known,
                               const ImportLevels& levels) {
    const auto chain = choose_chain(marks, fields);
    if (!chain) return std::unexpected(chain.error());
    std::set<std::string> in_data;
    for (const auto& [id, at] : marks) {
        if (id.chain == *chain) in_data.insert(id.key);
    }
    const auto keys = choose_keys(in_data, fields, known);
    if (!keys) return std::unexpected(keys.error());

    ImportPlan plan{.chain = *chain, .targets = {}};
    for (const tezos::KeyHash& key : *keys) {
        for (const tezos::ConsensusKind kind : tezos::all_kinds) {
            plan.targets.push_back(target_of({key, *chain, kind}, marks, levels));
            if (auto error = doubt(plan.targets.back(), levels)) {
                return std::unexpected(std::move(*error));
            }
        }
    }
    plan.left_out = list_left_out(marks, plan);
    for (const tezos::KeyInfo& key : known) {
        if (!in_data.contains(key.address)) plan.not_in_data.push_back(key.address);
    }
    return plan;
}

}  // namespace redoubt::tezos_operator
