// SPDX-License-Identifier: Apache-2.0
#include "vault.hpp"

#include <algorithm>

#include <fakes/aws_answer.hpp>
#include <redoubt/base/encoding.hpp>
#include <simulation/engine/damage.hpp>

namespace redoubt::simulation::ethereum {

Reply Vault::decrypt(const Flight& flight, WallTime now) const {
    const auto& keys = sealing_.wrapping_keys;
    const auto key = std::ranges::find(keys, flight.body.at("KeyId").get_ref<const std::string&>(),
                                       &aws::KeyArn::text);
    if (disabled_.contains(static_cast<std::size_t>(key - keys.begin()))) {
        return {test::aws_error(400, "DisabledException", now)};
    }
    const auto answered = sealing_.kms.answer(flight.call);
    return {test::aws_answer(answered->status, *parse_json(answered->body), now)};
}

std::string Vault::damage_or_repair(Random& random) {
    switch (random.below(3)) {
        case 0: return switch_kms_key(random);
        case 1: return change_share(random);
        default: return change_wrap(random);
    }
}

std::string Vault::switch_kms_key(Random& random) {
    const std::size_t key = random.below(sealing_.wrapping_keys.size());
    const std::string which = "KMS key " + std::to_string(key);
    if (disabled_.erase(key) > 0) return which + " is enabled";
    disabled_.insert(key);
    return which + " is disabled";
}

std::string Vault::change_share(Random& random) {
    const std::size_t wrap = random.below(sealing_.wraps.size());
    const std::size_t key = random.below(sealing_.wrapping_keys.size());
    const bool was_spoilt = spoilt_.erase({wrap, key}) > 0;
    if (!was_spoilt) spoilt_.insert({wrap, key});
    damaged_.erase(wrap);
    cloud_.put(whole(wrap));
    return (was_spoilt ? "repair of share " : "damage to share ") + std::to_string(key);
}

std::string Vault::change_wrap(Random& random) {
    const std::size_t wrap = random.below(sealing_.wraps.size());
    Json item = whole(wrap);
    std::string done = "repair of wrap " + std::to_string(wrap);
    if (damaged_.erase(wrap) == 0) {
        damaged_.insert(wrap);
        done = "damage to " +
               damage(item, {"check", "threshold", "shares", "purpose", "made"}, random) +
               " of wrap " + std::to_string(wrap);
    }
    cloud_.put(item);
    return done;
}

Json Vault::whole(std::size_t wrap) const {
    Json item = sealing_.wraps[wrap];
    for (const auto& [of, key] : spoilt_) {
        if (of != wrap) continue;
        item["shares"]["L"][key]["M"]["share"]["B"] = to_base64(Bytes(150, Byte{0x5b}));
    }
    return item;
}

void Vault::repair_all() {
    disabled_.clear();
    spoilt_.clear();
    damaged_.clear();
    for (const Json& wrap : sealing_.wraps) cloud_.put(wrap);
}

bool Vault::can_open(std::size_t wrap) const {
    if (damaged_.contains(wrap)) return false;
    const std::size_t count = sealing_.wrapping_keys.size();
    std::size_t good = 0;
    for (std::size_t key = 0; key < count; ++key) {
        if (!disabled_.contains(key) && !spoilt_.contains({wrap, key})) ++good;
    }
    return good >= (count == 1 ? 1 : 2);
}

}  // namespace redoubt::simulation::ethereum
