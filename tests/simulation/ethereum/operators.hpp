// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <simulation/engine/random.hpp>

#include "client.hpp"
#include "environment.hpp"
#include "oracle.hpp"

namespace redoubt::simulation::ethereum {

/// Who switches keys off and on, ends and deletes them, and says what others have signed, while
/// clients ask. One command at a time.
class Operators {
public:
    Operators(const Fixtures& fixtures, Oracle& oracle) : fixtures_(fixtures), oracle_(oracle) {}

    /// What they command next.
    [[nodiscard]] Json next(Random& random, const Present& present);
    /// All keys on, and no end.
    [[nodiscard]] Json switch_on_all();
    [[nodiscard]] Json take_ends_away();

    /// The table or a clock lied to the command.
    void misled() { is_misled_ = true; }
    /// The oracle hears what that came to.
    void answered(const Outcome& outcome) const;

private:
    [[nodiscard]] Json command(const std::string& name, std::vector<std::string> keys);
    [[nodiscard]] std::vector<std::string> some_keys(Random& random) const;
    [[nodiscard]] Json set_until(Random& random, const Present& present);
    [[nodiscard]] Json set_texts(Random& random);
    [[nodiscard]] Json import(Random& random, const Present& present);
    void hear_of_switches(const Outcome& outcome) const;
    void hear_of_import(const Outcome& outcome) const;
    void hear_of_export(const Outcome& outcome) const;

    const Fixtures& fixtures_;
    Oracle& oracle_;
    // Of the last command
    std::string name_;
    bool is_misled_ = false;
    std::map<std::string, std::size_t> counts_;              // what each key had committed before
    std::map<std::string, std::vector<Message>> elsewhere_;  // what an import says
};

}  // namespace redoubt::simulation::ethereum
