// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <simulation/engine/random.hpp>

#include "cloud.hpp"

namespace redoubt::simulation::tezos {

/// A command for the operator of one table.
struct Handover {
    std::size_t table = 0;
    Json command;
};

/// Operators who hand a key over from one table to the other and back, at any moment, by the rule
/// that they are told: a signer is moved in only above the last level of the other, as `status`
/// shows it, and no sooner than whatever was sent to move that one in can no longer be applied; and
/// it gets no last level below what was sent to move it in. For the rest they err as they like.
class Handovers {
public:
    Handovers(Fixtures& fixtures, Cloud& cloud) : fixtures_(fixtures), cloud_(cloud) {}

    [[nodiscard]] Handover next(Random& random, std::uint32_t head);

private:
    [[nodiscard]] Handover move_out(Random& random, std::uint32_t head);
    [[nodiscard]] std::optional<Handover> move_in(Random& random);
    [[nodiscard]] std::optional<Row> row(const RowName& name);
    /// The last level that this row may ever commit, whatever was sent; nothing if there is none.
    [[nodiscard]] std::optional<std::int64_t> last_level(const RowName& name);
    [[nodiscard]] Json command(const char* name, std::size_t key) const;

    Fixtures& fixtures_;
    Cloud& cloud_;
    std::map<RowName, std::int64_t> moved_in_;  // the highest level that was ever sent for it
};

}  // namespace redoubt::simulation::tezos
