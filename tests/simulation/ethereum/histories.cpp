// SPDX-License-Identifier: Apache-2.0
#include "histories.hpp"

#include <set>
#include <tuple>

namespace redoubt::simulation::ethereum {
namespace {

/// Of messages, by their number; of what another signer signed, of its.
using Set = std::uint64_t;

Set with(Set set, std::size_t number) { return set | (Set{1} << number); }

/// All that another signer can have signed, one of each kind and time.
std::vector<Message> signed_elsewhere(const Choices& choices) {
    std::set<Message> all;
    for (Message message : choices.messages) {
        if (!message.is_block && message.source >= message.target) continue;
        message.root = other_root;
        all.insert(message);
    }
    return {all.begin(), all.end()};
}

bool is_within(const Message& message, const Marks& marks) {
    if (message.is_block) return message.target <= marks.slot;
    return message.source <= marks.source && message.target <= marks.target;
}

/// Which of them lie within which marks.
std::vector<Set> sets_within(const Choices& choices, const std::vector<Message>& elsewhere) {
    std::vector<Set> sets;
    for (const Marks& marks : choices.imports) {
        Set set = 0;
        for (std::size_t i = 0; i < elsewhere.size(); ++i) {
            if (is_within(elsewhere[i], marks)) set = with(set, i);
        }
        sets.push_back(set);
    }
    return sets;
}

/// Of each message, with which of others it is slashable.
std::vector<Set> conflicts(const std::vector<Message>& messages,
                           const std::vector<Message>& others) {
    std::vector<Set> sets;
    for (const Message& message : messages) {
        Set set = 0;
        for (std::size_t i = 0; i < others.size(); ++i) {
            if (is_slashable(message, others[i])) set = with(set, i);
        }
        sets.push_back(set);
    }
    return sets;
}

}  // namespace

Steps::Steps(SmallWorld& world, const Choices& choices) : world_(world), choices_(choices) {
    new_.push_back(Row{});
    steps_[Row{}];
    while (!new_.empty()) {
        const Row row = new_.back();
        new_.pop_back();
        explore(row);
    }
}

void Steps::explore(const Row& row) {
    for (std::size_t i = 0; i < choices_.messages.size(); ++i) add_commit(row, i);
    for (std::size_t i = 0; i < choices_.imports.size(); ++i) {
        add_import(row, i);
        for (std::size_t k = 0; k < choices_.messages.size(); ++k) add_import_with(row, i, k);
    }
    add_switch(row);
}

void Steps::add_commit(const Row& row, std::size_t number) {
    const Message& message = choices_.messages[number];
    const bool is_approved = approves(row, message);
    const Row expected = is_approved ? after_approval(row, message) : row;
    for (const unsigned environment : {0U, 1U}) {
        world_.set(row);
        demand(world_.commit(environment, message) == is_approved, row, text(message));
        demand(world_.row() == expected, row, text(message) + ", the row then");
    }
    if (is_approved) add(row, {{number}, {}, expected, text(message)});
}

void Steps::add_import(const Row& row, std::size_t number) {
    const Marks& marks = choices_.imports[number];
    const Row expected = after_import(row, marks);
    world_.set(row);
    demand(world_.import(marks).is_done, row, text(marks));
    demand(world_.row() == expected, row, text(marks) + ", the row then");
    add(row, {{}, {number}, expected, text(marks)});
}

void Steps::add_import_with(const Row& row, std::size_t number, std::size_t message) {
    const Marks& marks = choices_.imports[number];
    const Message& first = choices_.messages[message];
    // An import that writes nothing, and a refusal, come between nothing.
    if (after_import(row, marks) == row || !approves(row, first)) return;
    world_.set(row);
    const auto imported = world_.import(marks, first);
    const std::string said = text(marks) + ", meanwhile " + text(first);
    demand(imported.is_done && imported.between == true, row, said);
    const Row expected = after_import(after_approval(row, first), marks);
    demand(world_.row() == expected, row, said + ", the row then");
    add(row, {{message}, {number}, expected, said});
}

void Steps::add_switch(const Row& row) {
    Row expected = row;
    expected.is_on = !row.is_on;
    world_.set(row);
    demand(world_.switch_to(expected.is_on) && world_.row() == expected, row, "the switch");
    add(row, {{}, {}, expected, "the switch"});
}

void Steps::add(const Row& row, Step step) {
    ++taken;
    if (steps_.try_emplace(step.after).second) new_.push_back(step.after);
    steps_[row].push_back(std::move(step));
}

void Steps::demand(bool holds, const Row& before, const std::string& said) const {
    if (!holds) throw Broken("{" + text(before) + "} " + said + ": not as the rule says");
}

std::uint64_t count_histories(const Steps& steps, const Choices& choices) {
    const auto elsewhere = signed_elsewhere(choices);
    const auto within = sets_within(choices, elsewhere);
    const auto own = conflicts(choices.messages, choices.messages);
    const auto others = conflicts(choices.messages, elsewhere);
    using History = std::tuple<Row, Set, Set>;
    std::set<History> seen = {{Row{}, 0, 0}};
    std::vector<History> left(seen.begin(), seen.end());
    while (!left.empty()) {
        const auto [row, approved, imported] = left.back();
        left.pop_back();
        for (const Step& step : steps.of_rows().at(row)) {
            Set now = approved;
            Set known = imported;
            for (const std::size_t number : step.approved) {
                const bool is_slashed =
                    (own[number] & approved) != 0 || (others[number] & imported) != 0;
                if (is_slashed) throw Broken("{" + text(row) + "} " + step.said + ": slashable");
                now = with(now, number);
            }
            for (const std::size_t number : step.imported) known |= within[number];
            if (seen.insert({step.after, now, known}).second) {
                left.emplace_back(step.after, now, known);
            }
        }
    }
    return seen.size();
}

}  // namespace redoubt::simulation::ethereum
