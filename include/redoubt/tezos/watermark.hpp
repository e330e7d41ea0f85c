// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/tezos/keys.hpp>
#include <redoubt/tezos/payload.hpp>

/// The rule that keeps a key from being slashed, free of clock, network and storage.
///
/// A row remembers, for one key, chain and kind, the highest position committed and its digest. A
/// request is committed if the row allows it, in one atomic step:
///
/// | request against the row            | block                          | vote      |
/// |------------------------------------|--------------------------------|-----------|
/// | no row                             | refused: not_armed             | the same  |
/// | level or round lower               | refused: below_watermark       | the same  |
/// | same position, other or no digest  | refused: already_signed        | the same  |
/// | same position, same digest         | the stored signature, no other | committed |
/// | higher, above the row's `until`    | refused: handed_over           | the same  |
/// | higher, further than time allows   | refused: too_far_ahead         | the same  |
/// | higher                             | committed                      | the same  |
///
/// A second signature over the same block bytes is another block hash, and so slashable; over the
/// same vote it is harmless (octez validate.ml, check_double_*_evidence).
namespace redoubt::tezos {

/// What one row guards.
struct WatermarkId {
    KeyHash key;
    ChainId chain;
    ConsensusKind kind{};
    auto operator<=>(const WatermarkId&) const = default;
};

/// The place in a chain that must never be signed with two digests.
struct SigningPosition {
    WatermarkId watermark;
    Position at;
};

/// `level 5, round 0`
[[nodiscard]] std::string to_text(const Position& position);

/// How far a level is ahead of time: level * 1000 - milliseconds since 1970. A chain that makes at
/// most one block a second only lets it fall.
using Pace = Strong<struct PaceTag, std::int64_t>;
[[nodiscard]] Pace pace_of(Level level, WallTime now);

/// What SigV4 allows a clock to be off, and so what the fence grants once.
inline constexpr Milliseconds pace_slack = std::chrono::minutes(5);
/// Whether a row of that pace lets a request of pace `asked` pass under the loose form.
[[nodiscard]] bool passes_loose_fence(Pace row, Pace asked);

/// How far a request of pace `asked` is beyond a row of that pace; zero if it is not.
[[nodiscard]] Milliseconds excess(Pace row, Pace asked);

/// One watermark as the table holds it.
struct Row {
    Position at;                           // attributes `lvl` and `rnd`
    std::optional<Digest> digest;          // absent after `arm` and `raise`
    std::optional<std::string> signature;  // base58; blocks only
    std::int64_t written_ms = 0;           // since 1970; attribute `at`
    Pace pace;
    std::optional<Level> until = {};  // the last level of this row, once the key is handed over
};

/// What a request wants to have committed. The signature goes into the row: blocks have one, votes
/// none. The row keeps the message's digest; its bytes verify what a row has stored.
struct Proposal {
    const KeyInfo& key;
    SigningPosition position;
    Message message;
    std::optional<std::string> signature;
};

/// Whether a row's `until` lets that level be committed.
[[nodiscard]] bool reaches(const Row& row, Level level);

/// Whether a row is just what the proposal writes (its pace apart).
[[nodiscard]] bool holds(const Row& row, const Proposal& proposal);

/// How a row that refused a proposal stands to it. Zero is what nobody decided.
enum class RowComparison { Unknown, SameDigest, AlreadySigned, BelowWatermark, HandedOver, Higher };
[[nodiscard]] RowComparison compare(const SigningPosition& position, const Digest& digest,
                                    const Row& row);

/// The refusal of a proposal by `row`, for the caller to read.
[[nodiscard]] Error refusal(RowComparison comparison, const SigningPosition& position,
                            const Row& row);
[[nodiscard]] Error not_armed(const SigningPosition& position);

/// What a warm process has seen of the rows: a lower bound that only refuses, never approves. It is
/// fed by the table alone, never by a request.
class LowerBound {
public:
    void seen(const WatermarkId& id, const Position& at, Pace pace);
    /// Why the position is below what was seen; nothing if the table has to be asked.
    [[nodiscard]] std::optional<Error> refuses(const SigningPosition& position) const;
    /// The row's pace as last seen.
    [[nodiscard]] std::optional<Pace> pace(const WatermarkId& id) const;

private:
    struct Seen {
        Position at;
        Pace pace;
    };
    std::map<WatermarkId, Seen> seen_;
};

}  // namespace redoubt::tezos
