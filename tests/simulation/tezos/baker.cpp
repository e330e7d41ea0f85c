// SPDX-License-Identifier: Apache-2.0
#include "baker.hpp"

namespace redoubt::simulation {
namespace {

constexpr std::size_t remembered = 8;

}  // namespace

const Prepared& Baker::ask(Cast& cast, Dice& dice, std::uint32_t head) {
    if (!wanted_) choose(cast, dice, head);
    is_waiting_ = true;
    return *prepared_;
}

const Prepared& Baker::ask(Cast& cast, const Choice& choice) {
    wanted_ = choice;
    prepared_ = &cast.prepare(choice);
    is_waiting_ = true;
    return *prepared_;
}

/// octez-client repeats a 502, ten times.
void Baker::answered(int status) {
    is_waiting_ = false;
    if (status != 502 || ++attempts_ == 10) wanted_.reset();
}

void Baker::choose(Cast& cast, Dice& dice, std::uint32_t head) {
    attempts_ = 0;
    wanted_ = invent(cast, dice, head);
    if (dice.chance(0.03)) {
        prepared_ = &cast.illegitimate(dice.below(8));
        return;
    }
    prepared_ = &cast.prepare(*wanted_);
    if (history_.size() == remembered) history_.erase(history_.begin());
    history_.push_back(*wanted_);
}

/// Mostly what the chain asks for now, in few rounds and with few contents, so that requests meet.
Choice Baker::invent(const Cast& cast, Dice& dice, std::uint32_t head) const {
    if (!history_.empty() && dice.chance(0.2)) return history_[dice.below(history_.size())];
    Choice choice{.key = dice.chance(0.95) ? dice.below(2) : dice.below(cast.keys()),
                  .chain = dice.chance(0.9) ? 0U : 1U,
                  .kind = kinds.at(dice.below(kinds.size())),
                  .level = head + static_cast<std::uint32_t>(dice.below(3)) - 1,
                  .round = static_cast<std::uint32_t>(dice.below(3)),
                  .content = dice.chance(0.75) ? 0 : 1};
    if (dice.chance(0.02)) choice.level -= 4;           // a reorganisation
    if (dice.chance(0.02)) choice.level += 280;         // just within the slack
    if (dice.chance(0.01)) choice.level = 1'000'000;    // absurd
    if (dice.chance(0.005)) choice.level = 0x7fffffff;  // the end of time
    return choice;
}

}  // namespace redoubt::simulation
