// SPDX-License-Identifier: Apache-2.0
#include "scripted_runner.hpp"

#include <algorithm>
#include <stdexcept>

namespace redoubt::test {

void ScriptedDriver::run(std::span<http::Dialogue* const> dialogues, SteadyTime deadline) {
    ++runs;
    most_at_once = std::max(most_at_once, dialogues.size());
    std::vector<http::Dialogue*> going(dialogues.begin(), dialogues.end());
    while (!going.empty()) {
        std::erase_if(going, [&](http::Dialogue* dialogue) { return !step(*dialogue, deadline); });
    }
}

bool ScriptedDriver::step(http::Dialogue& dialogue, SteadyTime deadline) {
    const auto next = dialogue.next();
    if (!next) return false;
    clock_.advance_to(std::min(next->not_before, deadline));
    if (clock_.steady() >= deadline) {
        dialogue.heard(std::unexpected(http::Loss{http::Lost::Deadline}));
        return false;
    }
    dialogue.sent();
    calls.push_back({next->call, clock_.steady()});
    if (!script_) throw std::logic_error("a call that no script foresees");
    dialogue.heard(script_(next->call));
    return true;
}

}  // namespace redoubt::test
