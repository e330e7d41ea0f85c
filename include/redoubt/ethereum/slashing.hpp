// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include <redoubt/access/rights.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/ethereum/signing_request.hpp>

/// The rule that keeps a validator from being slashed, free of clock, network and storage.
///
/// A row remembers, for one validator, the highest source and target of its attestations, the
/// highest slot of its blocks, and what was signed there. A request is committed if the row allows
/// it, in one atomic step:
///
/// | request against the row                       | attestation                 | block        |
/// |-----------------------------------------------|-----------------------------|--------------|
/// | no row                                        | refused: unknown_key        | the same     |
/// | the row has none of the caller's tags         | refused: not_permitted      | the same     |
/// | the row is off                                | refused: key_disabled       | the same     |
/// | at or after the row's `until`                 | refused: past_until         | the same     |
/// | source, target or slot lower                  | refused: below_watermark    | the same     |
/// | same target or slot, same source, same root   | committed                   | the same     |
/// | same target or slot, anything else            | refused: already_signed     | the same     |
/// | higher                                        | committed                   | the same     |
///
/// Sources never fall and targets only rise, so no two votes have one target, and none surrounds
/// another. That refuses some votes that a complete history would allow: an honest client sends
/// none of them. A signature over one root is the same bytes every time, so a repeated one is
/// harmless. Source: EIP-3076, the minimal strategy.
namespace redoubt::ethereum {

/// A validator as the table remembers it.
struct ValidatorRow {
    bool is_on = false;
    Epoch source;
    Epoch target;
    Slot slot;
    std::optional<Root> attestation_root = {};  // the signing root at `target`; absent: unknown
    std::optional<Root> block_root = {};        // the signing root at `slot`; absent: unknown
    std::optional<Epoch> until = {};            // the first epoch that is not signed any more
    std::set<std::string> tags = {};
    std::set<std::string> fee = {};  // addresses that payments may be sent to, `0x` and hex
};

using SlashableDuty = std::variant<AttestationDuty, BlockDuty>;

/// What a request wants to have committed.
struct Proposal {
    PublicKey key;
    SlashableDuty duty;
    Root root{};                // the signing root
    Epoch epoch;                // of the attestation's target, or of the block
    access::TagCondition tags;  // that the caller's rights ask of the row
};

/// The refusal of an attestation whose source is not below its target (0 to 0 alone may be).
[[nodiscard]] std::optional<Error> refuse_backwards(const AttestationDuty& duty);

/// Whether a row is just what the proposal writes.
[[nodiscard]] bool holds(const ValidatorRow& row, const Proposal& proposal);

/// How a row stands to a proposal. Zero is what nobody decided.
enum class RowComparison : std::uint8_t {
    Unknown,
    NotPermitted,
    KeyDisabled,
    PastUntil,
    BelowWatermark,
    AlreadySigned,
    Allowed
};
[[nodiscard]] RowComparison compare(const Proposal& proposal, const ValidatorRow& row);

/// The refusal of a proposal by `row`, for the caller to read.
[[nodiscard]] Error refusal(RowComparison comparison, const Proposal& proposal,
                            const ValidatorRow& row);

/// The refusals that what needs no commit may meet, too.
[[nodiscard]] Error not_permitted_key();
[[nodiscard]] Error key_disabled();
/// Of a key that the table has not; a caller who may use tagged keys only is not told that.
[[nodiscard]] Error no_such_key(const access::TagCondition& tags);

}  // namespace redoubt::ethereum
