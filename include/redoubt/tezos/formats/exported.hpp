// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/tezos/formats/marks.hpp>

/// Our own format: what `export` writes and `import` reads.
///
///     {"format": "redoubt-watermarks", "version": 1, "rows": [
///     {"pkh": "tz2...", "chain": "Net...", "kind": "block", "level": 5, "round": 0,
///      "digest": "<hex>" or null, "until": 9 or null}]}
namespace redoubt::tezos::formats {

/// A row without its times, which mean nothing in another table.
struct ExportedRow {
    MarkId id;
    Position at;
    std::optional<Digest> digest;
    std::optional<Level> until;  // the last level that its signer may sign
    bool operator==(const ExportedRow&) const = default;
};

/// All members are there, no row twice. In the order of the text.
[[nodiscard]] Result<std::vector<ExportedRow>> parse_exported(std::string_view text);
[[nodiscard]] std::string write_exported(std::span<const ExportedRow> rows);

/// What another signer must count as signed: its signer may still sign up to `until`, so all of
/// that; without one, what it stands at.
[[nodiscard]] Position taken(const ExportedRow& row);
[[nodiscard]] Marks to_marks(std::span<const ExportedRow> rows);

}  // namespace redoubt::tezos::formats
