// SPDX-License-Identifier: Apache-2.0
#include "vault.hpp"

#include <algorithm>

#include <fakes/aws_answer.hpp>
#include <redoubt/base/encoding.hpp>
#include <simulation/engine/damage.hpp>

namespace redoubt::simulation::tezos {
namespace {

bool is_wrap(const std::string& scope) { return scope.starts_with("wrap/"); }

std::vector<std::string> attributes(bool of_wrap) {
    if (of_wrap) return {"check", "id", "threshold", "shares", "purpose", "made"};
    return {"sealed", "public_key", "wrap", "made"};
}

}  // namespace

Vault::Vault(Fixtures& fixtures, Cloud& cloud, bool is_shared)
    : sealing_(fixtures.sealing(is_shared)), cloud_(cloud), threshold_(is_shared ? 2 : 1) {
    for (const Json& item : sealing_.items) {
        items_[scope_of(item)] = item;
        for (std::size_t table = 0; table < table_names.size(); ++table) cloud_.put(table, item);
    }
}

Reply Vault::decrypt(const Flight& flight, WallTime now) {
    const auto key = std::ranges::find(sealing_.wrapping_keys,
                                       flight.body.at("KeyId").get_ref<const std::string&>(),
                                       &aws::KeyArn::text);
    if (disabled_.contains(static_cast<std::size_t>(key - sealing_.wrapping_keys.begin()))) {
        return {test::aws_error(400, "DisabledException", now)};
    }
    const auto answered = sealing_.kms.answer(flight.call);
    return {test::aws_answer(answered->status, *parse_json(answered->body), now)};
}

std::string Vault::damage_or_repair(std::size_t table, Random& random) {
    switch (random.below(3)) {
        case 0: return switch_kms_key(random);
        case 1: return change_share(table, random);
        default: {
            auto chosen = items_.begin();
            std::advance(chosen, random.below(items_.size()));
            return change_item({table, chosen->first}, random);
        }
    }
}

std::string Vault::switch_kms_key(Random& random) {
    const std::size_t key = random.below(sealing_.wrapping_keys.size());
    const std::string which = "KMS key " + std::to_string(key);
    if (disabled_.erase(key) > 0) return which + " is enabled";
    disabled_.insert(key);
    return which + " is disabled";
}

std::string Vault::change_item(const RowName& name, Random& random) {
    const bool of_wrap = is_wrap(name.scope);
    const bool was_damaged = damaged_.erase(name) > 0;
    if (of_wrap) put_wrap(name.table);
    if (!of_wrap) cloud_.put(name.table, items_.at(name.scope));
    if (was_damaged) return "repair of " + name.scope;
    Json item = cloud_.item(name).value();
    const std::string attribute = damage(item, attributes(of_wrap), random);
    cloud_.put(name.table, item);
    damaged_.insert(name);
    return "damage to " + attribute + " of " + name.scope;
}

std::string Vault::change_share(std::size_t table, Random& random) {
    const std::size_t key = random.below(sealing_.wrapping_keys.size());
    const bool was_spoilt = spoilt_.erase({table, key}) > 0;
    if (!was_spoilt) spoilt_.insert({table, key});
    damaged_.erase(wrap_name(table));
    put_wrap(table);
    return (was_spoilt ? "repair of share " : "damage to share ") + std::to_string(key);
}

/// As it was made, but for the shares that are spoilt.
void Vault::put_wrap(std::size_t table) {
    Json wrap = items_.at(wrap_name(table).scope);
    for (const auto& [of, key] : spoilt_) {
        if (of != table) continue;
        wrap["shares"]["L"][key]["M"]["share"]["B"] = to_base64(Bytes(150, Byte{0x5b}));
    }
    cloud_.put(table, wrap);
}

RowName Vault::wrap_name(std::size_t table) const {
    return {table, std::ranges::find_if(items_, [](const auto& item) {
                       return is_wrap(item.first);
                   })->first};
}

void Vault::repair_all() {
    damaged_.clear();
    spoilt_.clear();
    disabled_.clear();
    for (std::size_t table = 0; table < table_names.size(); ++table) {
        for (const auto& [scope, item] : items_) cloud_.put(table, item);
    }
}

bool Vault::can_open(std::size_t table, const std::string& address) const {
    if (damaged_.contains(wrap_name(table)) || damaged_.contains({table, address + " sealed"})) {
        return false;
    }
    std::size_t good = 0;
    for (std::size_t key = 0; key < sealing_.wrapping_keys.size(); ++key) {
        if (!disabled_.contains(key) && !spoilt_.contains({table, key})) ++good;
    }
    return good >= threshold_;
}

}  // namespace redoubt::simulation::tezos
