// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <simulation/engine/random.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation::tezos {

/// Wants one thing signed after the other, and repeats itself as octez-client does.
class Baker {
public:
    /// `sealed_share`: of what it asks, that for the tz4 key.
    explicit Baker(double sealed_share) : sealed_share_(sealed_share) {}

    /// What it asks now: what was not answered yet, or else something new. `head`: the level that
    /// the chain asks for.
    const Prepared& ask(Fixtures& fixtures, Random& random, std::uint32_t head);
    /// Asks just this.
    const Prepared& ask(Fixtures& fixtures, const Choice& choice);
    void answered(int status);

    /// What it asked last, until it is answered for good.
    [[nodiscard]] const Choice& wanted() const { return *wanted_; }
    /// The last few that it asked.
    [[nodiscard]] const std::vector<Choice>& history() const { return history_; }

private:
    void choose(Fixtures& fixtures, Random& random, std::uint32_t head);
    [[nodiscard]] Choice invent(const Fixtures& fixtures, Random& random, std::uint32_t head) const;

    [[nodiscard]] std::size_t choose_key(const Fixtures& fixtures, Random& random) const;

    double sealed_share_;
    std::optional<Choice> wanted_;
    const Prepared* prepared_ = nullptr;  // of what it wants
    int attempts_ = 0;
    std::vector<Choice> history_;
};

}  // namespace redoubt::simulation::tezos
