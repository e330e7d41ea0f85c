// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <simulation/engine/fault.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation {

/// Wants one thing signed after the other, and repeats itself as octez-client does.
class Baker {
public:
    /// What it asks now: what was not answered yet, or else something new. `head`: the level that
    /// the chain asks for.
    const Prepared& ask(Fixtures& fixtures, Random& random, std::uint32_t head);
    /// Asks just this.
    const Prepared& ask(Fixtures& fixtures, const Choice& choice);
    void answered(int status);

    [[nodiscard]] bool is_waiting() const { return is_waiting_; }
    /// What the answer is to. While it waits.
    [[nodiscard]] const Choice& wanted() const { return *wanted_; }
    /// What it asked last.
    [[nodiscard]] const std::vector<Choice>& history() const { return history_; }

private:
    void choose(Fixtures& fixtures, Random& random, std::uint32_t head);
    [[nodiscard]] Choice invent(const Fixtures& fixtures, Random& random, std::uint32_t head) const;

    std::optional<Choice> wanted_;
    const Prepared* prepared_ = nullptr;  // of what it wants
    int attempts_ = 0;
    bool is_waiting_ = false;
    std::vector<Choice> history_;
};

}  // namespace redoubt::simulation
