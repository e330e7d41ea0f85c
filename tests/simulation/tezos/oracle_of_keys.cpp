// SPDX-License-Identifier: Apache-2.0
// What is promised of sealed keys.
#include <simulation/engine/demand.hpp>

#include "oracle.hpp"

namespace redoubt::simulation::tezos {
namespace {

/// So long may an environment repeat a refusal of a key that it could not open, unasked.
constexpr std::int64_t pause_ms = 5'000;

std::string key_of(const Question& question) {
    return question.scope.substr(0, question.scope.find(' '));
}

bool is_sealed(const std::string& key) { return key.starts_with("tz4"); }

}  // namespace

bool Oracle::is_of_sealed_key(const std::string& code) {
    return code == "wrap_unavailable" || code == "wrap_refused" || code == "damaged_key";
}

void Oracle::started(std::size_t environment) {
    std::erase_if(memories_,
                  [environment](const auto& memory) { return memory.first.first == environment; });
}

void Oracle::opened(std::size_t environment, const std::string& key) {
    memories_[{environment, key}] = {.is_open = true};
}

/// Whatever passes is no reason to stay closed.
void Oracle::closed(Id request, const std::string& key, const std::string& code,
                    std::int64_t now_ms) {
    const Request& asked = requests_.at(request);
    Memory& memory = memories_[{asked.environment, key}];
    demand(!memory.is_open, "an open key stays open", key);
    if (code != "wrap_refused" && code != "damaged_key") return;
    const bool is_shut = asked.met_shut.contains(key);
    // Two refusals of a call count. But damage is never a slip.
    const bool twice = asked.faults > 1 && code == "wrap_refused";
    demand(asked.excused || is_shut || twice, "a key stays closed for cause", key + " " + code);
    memory = {.refusal = code, .refused_until_ms = now_ms + pause_ms};
}

void Oracle::commits(Id request) {
    const Request& asked = requests_.at(request);
    const std::string key = key_of(asked.question);
    if (!is_sealed(key)) return;
    demand(memories_[{asked.environment, key}].is_open,
           "nothing is committed before its key is open", text(asked.question));
}

void Oracle::can_open(std::size_t table, const std::string& key, bool can) {
    if (can) {
        shut_.erase({table, key});
        return;
    }
    shut_.insert({table, key});
    for (auto& [id, request] : requests_) {
        if (request.row.table == table) request.met_shut.insert(key);
    }
}

std::set<std::string> Oracle::shut_keys(std::size_t table) const {
    std::set<std::string> keys;
    for (const RowName& name : shut_) {
        if (name.table == table) keys.insert(name.scope);
    }
    return keys;
}

/// A key that cannot be opened excuses what is said of the attempt.
Oracle::Request Oracle::with_shut_key(Request asked) const {
    const std::string key = key_of(asked.question);
    const auto memory = memories_.find({asked.environment, key});
    const bool is_open = memory != memories_.end() && memory->second.is_open;
    asked.excused = asked.excused || (!is_open && asked.met_shut.contains(key));
    return asked;
}

void Oracle::check_closed(const Request& asked, int status, const std::string& code,
                          std::int64_t now_ms) {
    const std::string key = key_of(asked.question);
    const std::string what = text(asked.question) + " " + code;
    demand(is_sealed(key), "only a sealed key is refused as such", what);
    const Memory& memory = memories_[{asked.environment, key}];
    demand(!memory.is_open, "an open key stays open", what);
    if (code == memory.refusal && asked.began_ms < memory.refused_until_ms) return;
    check_excuse(with_shut_key(asked), status, code, now_ms);
}

}  // namespace redoubt::simulation::tezos
