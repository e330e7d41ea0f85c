// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <redoubt/aws/dynamodb/dynamodb.hpp>

namespace redoubt::aws::dynamodb {

/// An answer that no table gives.
[[nodiscard]] inline std::unexpected<Error> suspicious(const std::string& what) {
    return fail(Code::TableRefused,
                "the table " + what + ": look at the table and its endpoint before signing on");
}

/// What became of a write, and the row. Of an Update: as it is now if it was applied. Of a Put: as
/// it was before, if there was one. Of either that was refused: as it was when the condition
/// refused; without a row, there is none.
template <class Row>
struct WriteReply {
    bool is_applied = false;
    std::optional<Row> row;
};

/// Judges a reply to an Update: success or condition_failed, and the row of just that item.
/// `is_row` tells whether an item is the row that was asked for, `parse_row` reads it. Errors:
/// table_refused for a reply that no table gives, damaged_row if the row that refused cannot be
/// read.
template <class IsRow, class ParseRow>
[[nodiscard]] auto judge_write(const Reply& reply, const IsRow& is_row, const ParseRow& parse_row)
    -> Result<WriteReply<typename decltype(parse_row(reply.body))::value_type>> {
    using Row = typename decltype(parse_row(reply.body))::value_type;
    const bool is_applied = reply.error.empty();
    const Json* item = member(reply.body, is_applied ? "Attributes" : "Item");
    if (item == nullptr && !is_applied) return WriteReply<Row>{};
    if (item == nullptr || !is_row(*item)) {
        return suspicious("answered another row than the one that was written");
    }
    auto row = parse_row(*item);
    if (!row && is_applied) return suspicious("confirmed a write with a row that cannot be read");
    if (!row) {
        return fail(
            Code::DamagedRow,
            "this watermark's row lacks an attribute or has one of another type: nothing is "
            "signed for it until the operator has repaired it");
    }
    return WriteReply<Row>{is_applied, std::move(row)};
}

/// What a Put finds where its condition lets it pass.
enum class Replaces : bool { Nothing, AnItem };

/// The same of a reply to a Put, whose success answers what it replaced.
template <class IsRow, class ParseRow>
[[nodiscard]] auto judge_put(const Reply& reply, Replaces replaces, const IsRow& is_row,
                             const ParseRow& parse_row)
    -> Result<WriteReply<typename decltype(parse_row(reply.body))::value_type>> {
    using Row = typename decltype(parse_row(reply.body))::value_type;
    if (!reply.error.empty() || replaces == Replaces::AnItem) {
        auto judged = judge_write(reply, is_row, parse_row);
        if (!judged && judged.error().code == Code::DamagedRow) {
            return fail(Code::DamagedRow,
                        "the item in the table lacks an attribute or has one of another type: "
                        "nothing takes its place until the operator has repaired it");
        }
        return judged;
    }
    if (member(reply.body, "Attributes") != nullptr) {
        return suspicious("replaced an item by one that was only to be created");
    }
    return WriteReply<Row>{.is_applied = true, .row = std::nullopt};
}

}  // namespace redoubt::aws::dynamodb
