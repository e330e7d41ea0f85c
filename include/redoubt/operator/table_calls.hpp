// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/io/exchange.hpp>

/// What commands of any chain ask a table.
namespace redoubt::operators {

/// What became of a write of a whole item under its own condition. One that was written without our
/// hearing of it does no harm when it is written again.
struct PutOutcome {
    bool is_written = false;
    Json found;  // what refused it; null if there was nothing
};
/// All side by side. Errors: those of the table, the first of them (others may be written).
[[nodiscard]] Result<std::vector<PutOutcome>> put_items(aws::Service& dynamodb,
                                                        io::ExchangeRunner& runner,
                                                        const std::vector<aws::dynamodb::Put>& puts,
                                                        SteadyTime deadline);

}  // namespace redoubt::operators
