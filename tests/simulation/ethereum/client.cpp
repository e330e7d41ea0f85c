// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

namespace redoubt::simulation::ethereum {
namespace {

constexpr std::size_t remembered = 8;

bool names_a_fork(Kind kind) { return kind != Kind::Registration; }

}  // namespace

Prepared Client::ask(Fixtures& fixtures, Random& random, const Present& present) {
    if (!wanted_ && random.chance(0.03)) return fixtures.prepare_list(fixtures.callers()[number_]);
    if (!wanted_) choose(random, present);
    const bool is_exit = wanted_->kind == Kind::Exit;
    // Now and then with a token that has no right to that.
    const bool is_leaver = is_exit ? random.below(4) > 0 : random.below(100) == 0;
    return fixtures.prepare(*wanted_, is_leaver ? fixtures.leaver() : fixtures.callers()[number_],
                            flaw_);
}

void Client::answered(int status) {
    if (status != 500 || ++attempts_ == 3) wanted_.reset();
}

void Client::choose(Random& random, const Present& present) {
    attempts_ = 0;
    flaw_ = Flaw::None;
    wanted_ = invent(random, present);
    if (random.chance(0.04)) {
        flaw_ = static_cast<Flaw>(random.below(flaws));
        if (flaw_ == Flaw::UnknownKey) wanted_->kind = Kind::Randao;
        if (flaw_ == Flaw::AnotherNetwork && !names_a_fork(wanted_->kind)) flaw_ = Flaw::NoJson;
        return;
    }
    if (history_.size() == remembered) history_.erase(history_.begin());
    history_.push_back(*wanted_);
}

/// Mostly the duties of now, in few contents, so that requests meet.
Choice Client::invent(Random& random, const Present& present) {
    if (!history_.empty() && random.chance(0.2)) return history_[random.below(history_.size())];
    if (random.chance(0.05)) head_ = 1 - head_;
    Choice choice{.key = random.chance(0.7) ? random.below(2) : random.below(Fixtures::keys),
                  .content = head_};
    const std::uint64_t drawn = random.below(100);
    if (drawn < 55) {
        choice.kind = Kind::Vote;
        invent_vote(choice, random, present.epoch());
    } else if (drawn < 85) {
        choice.kind = Kind::Block;
        choice.target = present.slot + static_cast<int>(random.below(3)) - 1;
        if (random.chance(0.02)) choice.target -= 9;    // late
        if (random.chance(0.01)) choice.target += 500;  // by a clock that is wrong
    } else {
        invent_other(choice, random, present);
    }
    return choice;
}

/// On another head another checkpoint is justified.
void Client::invent_vote(Choice& choice, Random& random, int epoch) const {
    choice.target =
        epoch + static_cast<int>(random.below(4) == 0) - static_cast<int>(random.below(4) == 0);
    choice.source = choice.target - 1 - (random.chance(0.8) ? head_ : 1 - head_);
    if (random.chance(0.04)) choice.source -= static_cast<int>(1 + random.below(4));
    if (random.chance(0.02)) choice.target -= static_cast<int>(random.below(3));  // late
    if (random.chance(0.01)) choice.target += 100;
    if (random.chance(0.01)) choice.source = choice.target + static_cast<int>(random.below(2));
}

void Client::invent_other(Choice& choice, Random& random, const Present& present) const {
    constexpr std::array kinds = {Kind::Randao,    Kind::SelectionProof, Kind::SyncMessage,
                                  Kind::Aggregate, Kind::Registration,   Kind::Exit};
    choice.kind = kinds.at(random.below(kinds.size()));
    choice.content = 0;
    const bool is_of_epoch = choice.kind == Kind::Randao || choice.kind == Kind::Exit;
    choice.target = is_of_epoch ? present.epoch() : present.slot;
    if (random.chance(0.2)) ++choice.target;
    if (random.chance(0.02)) choice.target += 20;
    if (choice.kind == Kind::Registration) {
        choice.target = 0;
        choice.content = static_cast<int>(random.below(3) == 0);
    }
}

}  // namespace redoubt::simulation::ethereum
