// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/operator/table_calls.hpp>
#include <redoubt/operator/tezos/commands.hpp>

namespace redoubt::tezos_operator {

using operators::PutOutcome;

[[nodiscard]] inline Result<std::vector<PutOutcome>> put_items(
    const Context& context, const std::vector<aws::dynamodb::Put>& puts, SteadyTime deadline) {
    return operators::put_items(context.dynamodb, context.runner, puts, deadline);
}

/// Of an item that must not be there yet.
[[nodiscard]] inline aws::dynamodb::Put creation(const Context& context, ObjectText item) {
    return aws::dynamodb::put_if_absent(context.table, std::move(item), "pkh");
}

}  // namespace redoubt::tezos_operator
