// SPDX-License-Identifier: Apache-2.0
// What is damaged in a world, and repaired: rows, sealed keys, KMS keys.
#include <array>

#include "world.hpp"

namespace redoubt::simulation::tezos {

void World::damage_or_repair() {
    Random& random = context_.random;
    if (random.below(4) == 0) {
        context_.note(vault_.damage_or_repair(random.below(tables_), random));
        context_.count("damage to sealed keys, and repair");
        return tell_of_keys();
    }
    const Kind kind = kinds.at(random.below(kinds.size()));
    const RowName name{random.below(tables_),
                       fixtures_.scope_name(random.below(fixtures_.keys()), 0, kind)};
    if (!cloud_.item(name)) return;
    return damaged_.contains(name) ? repair(name) : damage(name);
}

/// To the oracle.
void World::tell_of_keys() {
    for (std::size_t table = 0; table < tables_; ++table) {
        for (const auto& key : vault_.sealing().keys) {
            oracle_.can_open(table, key.address, vault_.can_open(table, key.address));
        }
    }
}

void World::damage(const RowName& name) {
    // Of the first four, the lack is damage, too.
    constexpr std::array attributes = {"lvl", "rnd", "at", "pace", "digest", "sig", "until"};
    const Json row = cloud_.item(name).value();
    const std::size_t drawn = context_.random.below(attributes.size());
    const std::string attribute = attributes.at(drawn);
    Json damaged = row;
    if (context_.random.below(2) == 0 && drawn < 4) {
        damaged.erase(attribute);
    } else {
        damaged[attribute] = {{"BOOL", true}};
    }
    context_.note("damage to " + attribute + " of " + name.scope);
    context_.count("rows damaged");
    cloud_.put(name.table, damaged);
    damaged_[name] = row;
    oracle_.damaged(name, true);
}

void World::repair(RowName name) {
    context_.note("repair of " + name.scope);
    cloud_.put(name.table, damaged_.at(name));
    damaged_.erase(name);
    oracle_.damaged(name, false);
}

}  // namespace redoubt::simulation::tezos
