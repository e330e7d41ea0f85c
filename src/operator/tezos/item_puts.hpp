// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/operator/tezos/commands.hpp>

/// Writes of whole items, each on its own and under its own condition, so that one that was written
/// without our hearing of it does no harm when it is written again.
namespace redoubt::tezos_operator {

struct PutOutcome {
    bool is_written = false;
    Json found;  // what refused it; null if there was nothing
};
/// All side by side. Errors: those of the table, the first of them (others may be written).
[[nodiscard]] Result<std::vector<PutOutcome>> put_items(const Context& context,
                                                        const std::vector<aws::dynamodb::Put>& puts,
                                                        SteadyTime deadline);

/// Of an item that must not be there yet.
[[nodiscard]] aws::dynamodb::Put creation(const Context& context, ObjectText item);

}  // namespace redoubt::tezos_operator
