// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "row_writes.hpp"

namespace redoubt::tezos_operator {

/// Where a row is to stand at least.
struct Lift {
    tezos::WatermarkId id;
    tezos::Position at;
    tezos::Level head;   // of the chain, now: the row's pace becomes that of it
    bool force = false;  // also beyond the fence
};

/// Creates the row, or lifts it: `armed`, `raised` or, of one that stands there or higher,
/// `unchanged`. `before`: what was found of it.
[[nodiscard]] RowWrite make_lift(const Context& context, const Lift& lift, const FoundRow& before);

}  // namespace redoubt::tezos_operator
