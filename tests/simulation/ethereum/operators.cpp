// SPDX-License-Identifier: Apache-2.0
#include "operators.hpp"

#include <utility>

#include "interchange.hpp"

namespace redoubt::simulation::ethereum {
namespace {

std::vector<Message> signed_elsewhere(Random& random, const Present& present) {
    const auto some = [&random](int most) {
        return static_cast<int>(random.below(static_cast<std::uint64_t>(most) + 1));
    };
    std::vector<Message> out;
    for (int i = 0; i <= some(2); ++i) {
        if (random.below(3) == 0) {
            out.push_back(
                {.is_block = true, .target = present.slot + 3 - some(9), .root = other_root});
        } else {
            const int target = present.epoch() + 1 - some(4);
            out.push_back({.source = target - 1 - some(2), .target = target, .root = other_root});
        }
    }
    return out;
}

}  // namespace

Json Operators::command(const std::string& name, std::vector<std::string> keys) {
    name_ = name;
    is_misled_ = false;
    counts_.clear();
    elsewhere_.clear();
    for (const std::string& key : keys) counts_[key] = oracle_.count(key);
    if (name == "set_keys") {
        for (const std::string& key : keys) oracle_.may_be_switched(key);
    }
    return {{"command", name}, {"keys", std::move(keys)}};
}

Json Operators::next(Random& random, const Present& present) {
    switch (random.below(12)) {
        case 0:
        case 1:
        case 2: {
            Json out = command("set_keys", some_keys(random));
            out["on"] = random.below(3) == 0;
            return out;
        }
        case 3: return set_until(random, present);
        case 4:
        case 5:
        case 6: return import(random, present);
        case 7: return command("export_interchange", some_keys(random));
        case 8: return set_texts(random);
        case 9:
            if (random.below(4) == 0) return command("delete_keys", some_keys(random));
            return take_ends_away();
        default: return switch_on_all();
    }
}

Json Operators::switch_on_all() {
    std::vector<std::string> keys;
    for (const std::string& key : fixtures_.key_texts()) {
        if (oracle_.validator(key).has_secret) keys.push_back(key);
    }
    if (keys.empty()) keys = fixtures_.key_texts();
    Json out = command("set_keys", std::move(keys));
    out["on"] = true;
    return out;
}

Json Operators::take_ends_away() {
    Json out = command("set_until", fixtures_.key_texts());
    out["until"] = nullptr;
    out["force"] = true;
    return out;
}

std::vector<std::string> Operators::some_keys(Random& random) const {
    const std::size_t first = random.below(Fixtures::keys);
    const std::size_t other = random.below(Fixtures::keys);
    if (other == first) return {fixtures_.key_text(first)};
    return {fixtures_.key_text(first), fixtures_.key_text(other)};
}

Json Operators::set_until(Random& random, const Present& present) {
    Json out = command("set_until", some_keys(random));
    out["until"] = present.epoch() + static_cast<int>(random.below(3));
    if (random.below(3) == 0) out["force"] = true;
    return out;
}

Json Operators::set_texts(Random& random) {
    if (random.below(3) == 0) {
        Json out = command("set_fee", some_keys(random));
        out["fee"] = Json::array();
        if (random.below(3) > 0) out["fee"].push_back(Fixtures::recipient);
        return out;
    }
    Json out = command("tag_keys", some_keys(random));
    out["tags"] = Json::array();
    for (const char* tag : {"a", "b", "c"}) {
        if (random.below(2) == 0) out["tags"].push_back(tag);
    }
    return out;
}

Json Operators::import(Random& random, const Present& present) {
    const std::vector<std::string> keys = some_keys(random);
    static_cast<void>(command("import_interchange", keys));
    for (const std::string& key : keys) elsewhere_[key] = signed_elsewhere(random, present);
    const auto& root = fixtures_.network().genesis_validators_root;
    return {{"command", name_},
            {"data", interchange_of(redoubt::ethereum::prefixed_hex(root), elsewhere_)}};
}

void Operators::answered(const Outcome& outcome) const {
    if (is_misled_) return;
    if (name_ == "set_keys") hear_of_switches(outcome);
    if (name_ == "import_interchange") hear_of_import(outcome);
    if (outcome.code.empty() && name_ == "export_interchange") hear_of_export(outcome);
    if (name_ == "delete_keys" && outcome.members.contains("data")) hear_of_export(outcome);
}

void Operators::hear_of_switches(const Outcome& outcome) const {
    if (!outcome.members.contains("keys")) return;
    for (const Json& key : outcome.members["keys"]) {
        if (!key.contains("msg") && key.at("on") == false) oracle_.stays_off(key.at("public_key"));
    }
}

/// Those that were raised, even if others were not.
void Operators::hear_of_import(const Outcome& outcome) const {
    if (!outcome.members.contains("keys")) return;
    for (const Json& key : outcome.members["keys"]) {
        const Json& is = key.at("outcome");
        if (is != "raised" && is != "unchanged") continue;
        const std::string text = key.at("public_key");
        oracle_.imported(text, elsewhere_.at(text));
    }
}

/// Of what is off, above all that it has signed by now.
void Operators::hear_of_export(const Outcome& outcome) const {
    for (const auto& [key, marks] : marks_of(outcome.members.at("data"))) {
        const bool is_off = !oracle_.validator(key).row.is_on;
        oracle_.exported(key, marks, is_off ? oracle_.count(key) : counts_.at(key));
    }
}

}  // namespace redoubt::simulation::ethereum
