// SPDX-License-Identifier: Apache-2.0
#include "baker.hpp"

namespace redoubt::simulation::tezos {
namespace {

constexpr std::size_t remembered = 8;

}  // namespace

const Prepared& Baker::ask(Fixtures& fixtures, Random& random, std::uint32_t head) {
    if (!wanted_) choose(fixtures, random, head);
    return *prepared_;
}

const Prepared& Baker::ask(Fixtures& fixtures, const Choice& choice) {
    wanted_ = choice;
    prepared_ = &fixtures.prepare(choice);
    return *prepared_;
}

/// octez-client repeats a 502, ten times.
void Baker::answered(int status) {
    if (status != 502 || ++attempts_ == 10) wanted_.reset();
}

void Baker::choose(Fixtures& fixtures, Random& random, std::uint32_t head) {
    attempts_ = 0;
    wanted_ = invent(fixtures, random, head);
    if (random.chance(0.03)) {
        prepared_ = &fixtures.illegitimate(random.below(8));
        return;
    }
    prepared_ = &fixtures.prepare(*wanted_);
    if (history_.size() == remembered) history_.erase(history_.begin());
    history_.push_back(*wanted_);
}

std::size_t Baker::choose_key(const Fixtures& fixtures, Random& random) const {
    if (random.chance(sealed_share_)) return fixtures.sealed_key();
    return random.chance(0.95) ? random.below(2) : random.below(fixtures.keys());
}

/// Mostly what the chain asks for now, in few rounds and with few contents, so that requests meet.
Choice Baker::invent(const Fixtures& fixtures, Random& random, std::uint32_t head) const {
    if (!history_.empty() && random.chance(0.2)) return history_[random.below(history_.size())];
    Choice choice{.key = choose_key(fixtures, random),
                  .chain = random.chance(0.9) ? 0U : 1U,
                  .kind = kinds.at(random.below(kinds.size())),
                  .level = head + static_cast<std::uint32_t>(random.below(3)) - 1,
                  .round = static_cast<std::uint32_t>(random.below(3)),
                  .content = random.chance(0.75) ? 0 : 1};
    if (random.chance(0.02)) choice.level -= 4;           // a reorganisation
    if (random.chance(0.02)) choice.level += 280;         // just within the slack
    if (random.chance(0.01)) choice.level = 1'000'000;    // absurd
    if (random.chance(0.005)) choice.level = 0x7fffffff;  // the end of time
    return choice;
}

}  // namespace redoubt::simulation::tezos
