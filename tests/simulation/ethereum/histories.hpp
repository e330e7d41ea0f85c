// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broken.hpp"
#include "rules.hpp"
#include "small_world.hpp"

namespace redoubt::simulation::ethereum {

/// What can happen in a world.
struct Choices {
    std::string name;
    std::vector<Message> messages;
    std::vector<Marks> imports;
};

/// What happens to a row: what is approved of it, if anything, whether a row of another signer is
/// imported with it, and what the row is then.
struct Step {
    std::vector<std::size_t> approved;  // a message, by its number
    std::vector<std::size_t> imported;  // marks, by their number
    Row after;
    std::string said;
};

/// All steps from all rows that come of any, each taken by the code that is shipped, and held to
/// what the oracle says of it. Both environments take each, whatever they did before: so all that
/// decides is the row. Throws Broken.
class Steps {
public:
    Steps(SmallWorld& world, const Choices& choices);

    [[nodiscard]] const std::map<Row, std::vector<Step>>& of_rows() const { return steps_; }
    std::uint64_t taken = 0;

private:
    void explore(const Row& row);
    void add_commit(const Row& row, std::size_t number);
    void add_import(const Row& row, std::size_t number);
    void add_import_with(const Row& row, std::size_t number, std::size_t message);
    void add_switch(const Row& row);
    /// Takes down a step, and a row that is new.
    void add(const Row& row, Step step);
    void demand(bool holds, const Row& before, const std::string& said) const;

    SmallWorld& world_;
    const Choices& choices_;
    std::map<Row, std::vector<Step>> steps_;
    std::vector<Row> new_;
};

/// How many different histories there are: each a row, all that was approved, and all that another
/// signer may have signed that was imported. Throws Broken if anything that is approved is
/// slashable with any of it.
[[nodiscard]] std::uint64_t count_histories(const Steps& steps, const Choices& choices);

}  // namespace redoubt::simulation::ethereum
