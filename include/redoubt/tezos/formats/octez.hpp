// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include <redoubt/tezos/formats/exported.hpp>
#include <redoubt/tezos/formats/marks.hpp>

/// octez-signer's files, in its base directory: `block_high_watermarks`,
/// `preattestation_high_watermarks` and `attestation_high_watermarks`, or by the older names
/// `preendorsement_high_watermarks` and `endorsement_high_watermarks`. Each is
///
///     {"<chain id>": {"<address>": {"level": 5, "round": 0, "hash": "<hex>", "signature": "..."}}}
///
/// `round` is missing in marks from before Tenderbake, where octez refuses the whole level;
/// `signature` may be missing by its encoding, and then octez never signs that position again.
/// Source: tezos/tezos src/bin_signer/handler.ml (module High_watermark), of 2018 to 2026;
/// CHANGES.rst on the names. Read there; not seen written by octez-signer itself.
namespace redoubt::tezos::formats {

[[nodiscard]] Result<Marks> parse_octez(std::span<const File> files);

/// The three files. No mark has a signature: octez then signs only above each, and repeats none of
/// ours. `hash`, which octez wants and does not look at without a signature, is the digest, or
/// zeros where we have none.
[[nodiscard]] std::vector<File> write_octez(std::span<const ExportedRow> rows);

}  // namespace redoubt::tezos::formats
