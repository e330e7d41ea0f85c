// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include <redoubt/tezos/formats/marks.hpp>

/// Signatory's watermarks. The kinds of votes with and without DAL content (tags 23 and 21) are
/// marks of their own there and one here, at the higher of the two; the names from before 2024
/// (`endorsement`, `preendorsement`) are read as well. A block's mark closes its whole level here:
/// what Signatory stores as its round is the payload's, which may be lower than the block's own.
///
/// Source: ecadlabs/signatory pkg/signatory/watermark/{file,aws,migration}.go and
/// pkg/signatory/request/request.go of April 2026; ecadlabs/gotez (kinds, rounds, texts). Read
/// there, and its own tests' files; not seen written by a Signatory.
namespace redoubt::tezos::formats {

/// The file backend, version 2: `<base dir>/watermark_v2/<chain id>.json`, each
///
///     {"<address>": {"<kind>": {"level": 5, "round": 0, "hash": "vh..." or null}}}
///
/// Its older folders, `watermark` and `watermark_v1` (of which the latter keeps one kind a key),
/// are refused: a Signatory that starts makes a `watermark_v2` of them.
[[nodiscard]] Result<Marks> parse_signatory_files(std::span<const File> files);

/// The DynamoDB backend, as `aws dynamodb scan`, `query` or `get-item` prints its rows: `idx` (S,
/// `<chain id>/<address>`), `request` (S, the kind), `lvl`, `round` (N), `digest` (B by the code, S
/// by Signatory's documentation).
[[nodiscard]] Result<Marks> parse_signatory_rows(std::string_view text);

}  // namespace redoubt::tezos::formats
