// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <simulation/engine/random.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation::ethereum {

/// What runs on the chain.
struct Present {
    int slot = 0;
    [[nodiscard]] int epoch() const { return slot / Fixtures::slots_per_epoch; }
};

/// A validator client on a head of its own, which need not be that of others with the same keys.
class Client {
public:
    /// `number`: which of the callers it is.
    explicit Client(std::size_t number) : number_(number) {}

    /// What it asks now: what was not answered yet, or else something new.
    [[nodiscard]] Prepared ask(Fixtures& fixtures, Random& random, const Present& present);
    /// Nimbus repeats a 500, and nothing else.
    void answered(int status);
    /// The last few that it asked, each as it was.
    [[nodiscard]] const std::vector<Choice>& history() const { return history_; }

private:
    void choose(Random& random, const Present& present);
    [[nodiscard]] Choice invent(Random& random, const Present& present);
    void invent_vote(Choice& choice, Random& random, int epoch) const;
    void invent_other(Choice& choice, Random& random, const Present& present) const;

    std::size_t number_;
    int head_ = 0;
    std::optional<Choice> wanted_;
    Flaw flaw_ = Flaw::None;
    int attempts_ = 0;
    std::vector<Choice> history_;
};

}  // namespace redoubt::simulation::ethereum
