// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "table_reads.hpp"

/// Pages of what a table is looked through for.
namespace redoubt::ethereum_operator {

/// `after`: of each part of the table, where it was left, or null if it is done. Error:
/// bad_request.
[[nodiscard]] Result<ScanPosition> read_after(const Json& fields);

/// `next`, which is `after` of the next page; null if that was the last.
[[nodiscard]] Json to_next(const ScanPosition& position);

}  // namespace redoubt::ethereum_operator
