// SPDX-License-Identifier: Apache-2.0
// What is damaged in a world, and repaired: rows, wraps, KMS keys.
#include <array>

#include <simulation/engine/damage.hpp>

#include "world.hpp"

namespace redoubt::simulation::ethereum {

/// Keys whose secrets were deleted are brought back, as `import_key` does.
void World::damage_or_repair() {
    Random& random = context_.random;
    if (random.below(4) == 0) {
        context_.note(vault_.damage_or_repair(random));
        context_.count("damage to wraps, and repair");
        return tell_of_wraps();
    }
    const std::size_t key = random.below(Fixtures::keys);
    if (damaged_.contains(key)) return repair(key);
    if (!oracle_.validator(fixtures_.key_text(key)).has_secret) return restore_secret(key);
    damage_row(key);
}

/// To the oracle.
void World::tell_of_wraps() {
    for (std::size_t wrap = 0; wrap < vault_.sealing().ids.size(); ++wrap) {
        oracle_.can_open(vault_.sealing().ids[wrap].text(), vault_.can_open(wrap),
                         context_.now_ms());
    }
}

void World::damage_row(std::size_t key) {
    // The lack of any of the first four is damage, too.
    constexpr std::array names = {"on",    "src",   "tgt",  "slot", "made",  "at",
                                  "aroot", "broot", "wrap", "tags", "until", "sealed"};
    const std::string& text = fixtures_.key_text(key);
    Json item = cloud_.item(text).value();
    const std::size_t drawn = context_.random.below(names.size());
    const std::string name = names.at(drawn);
    Damage& damage = damaged_[key];
    damage = {.attribute = name, .was = item.contains(name) ? item[name] : Json()};
    if (context_.random.below(2) == 0 && drawn < 4) {
        item.erase(name);
    } else {
        damage.is = attribute_of_another_type();
        item[name] = damage.is;
    }
    context_.note("damage to " + name + " of " + text);
    context_.count("rows damaged");
    cloud_.put(item);
    oracle_.damaged(text, true, context_.now_ms());
}

/// Unless a write has replaced what was damaged.
void World::repair(std::size_t key) {
    const std::string& text = fixtures_.key_text(key);
    const Damage damage = damaged_.extract(key).mapped();
    Json item = cloud_.item(text).value();
    const Json is = item.contains(damage.attribute) ? item[damage.attribute] : Json();
    if (is == damage.is) {
        item.erase(damage.attribute);
        if (!damage.was.is_null()) item[damage.attribute] = damage.was;
        cloud_.put(item);
    }
    context_.note("repair of " + text);
    oracle_.damaged(text, false, context_.now_ms());
}

void World::restore_secret(std::size_t key) {
    const std::string& text = fixtures_.key_text(key);
    Json item = cloud_.item(text).value();
    if (item.contains("sealed")) return;
    context_.note("the secret of " + text + " is brought back");
    context_.count("secrets brought back");
    ethereum_adapters::Validator validator;
    validator.sealed = vault_.sealing().secrets[key];
    const Json with_secret = parse_json(to_item(validator).text()).value();
    for (const char* name : {"sealed", "wrap"}) item[name] = with_secret.at(name);
    cloud_.put(item);
    oracle_.changed(text, validator_of(item), context_.now_ms());
}

void World::repair_all() {
    while (!damaged_.empty()) repair(damaged_.begin()->first);
    for (std::size_t key = 0; key < Fixtures::keys; ++key) restore_secret(key);
    vault_.repair_all();
    tell_of_wraps();
}

}  // namespace redoubt::simulation::ethereum
