// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <redoubt/aws/dynamodb/write_reply.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The table's layout and the conditional writes on it.
///
/// | attribute | type | meaning                                                            |
/// |-----------|------|--------------------------------------------------------------------|
/// | `pkh`     | S    | partition key: the consensus key's address                         |
/// | `scope`   | S    | sort key: `<chain id>/<kind>`                                      |
/// | `lvl`     | N    | level of the highest position committed                            |
/// | `rnd`     | N    | its round                                                          |
/// | `digest`  | B    | BLAKE2b-256 of what was committed there; absent after arm or raise |
/// | `sig`     | S    | blocks: the signature, base58                                      |
/// | `at`      | N    | when it was written, ms since 1970                                 |
/// | `pace`    | N    | the pace fence, see tezos::Pace                                    |
/// | `until`   | N    | the last level that may be committed; absent unless handed over    |
namespace redoubt::tezos_adapters {

/// After `arm` and `raise`: no round of that level is below it.
inline constexpr tezos::Round highest_round{tezos::max_int31};

/// `NetXdQprcVkpaWU/attestation`
[[nodiscard]] std::string scope_text(const tezos::WatermarkId& id);
[[nodiscard]] std::optional<tezos::WatermarkId> parse_scope(const tezos::KeyHash& key,
                                                            std::string_view text);

/// A row's key, as the table has it. Made once a request: base58 costs two hashes a text.
struct RowKey {
    std::string pkh;
    std::string scope;
};
[[nodiscard]] RowKey row_key(const tezos::WatermarkId& id);

/// Whether an item is the row of that key.
[[nodiscard]] bool is_row_of(const Json& item, const RowKey& key);

/// Nothing if an attribute is missing or of another type (`digest`, `sig` and `until` may be
/// missing).
[[nodiscard]] std::optional<tezos::Row> parse_row(const Json& item);

/// Of a damaged row what `raise_update`, `import_update` and `from_update` go by, which write all
/// else anew: level, round, pace and `until`. A round or pace that is no number is one that passes
/// no comparison. Nothing if the level is none, or `until` is there and none.
[[nodiscard]] std::optional<tezos::Row> parse_damaged_row(const Json& item);

/// Of a reply to one of the writes below. Errors: table_refused, damaged_row.
[[nodiscard]] Result<aws::dynamodb::WriteReply<tezos::Row>> judge_write(const aws::Reply& reply,
                                                                        const RowKey& key);

/// The two forms of the pace fence. Tight: the row's pace is not below the request's, which becomes
/// the row's in round 0. Loose: it may be lower by the slack, and stays.
enum class Fence { Tight, Loose };

/// The commit: the one write that approves a signature. Applied if the row is sound, the fence
/// holds, the position is higher, and its level not above the row's `until`. The same position
/// again is always refused, with the row: if it holds the same digest, that is a commit, too, and
/// nothing of it changes. (Were an equal vote written again, its pace would fall to the time of the
/// repetition, and whoever replays a captured request after a gap could fence the baker out.)
[[nodiscard]] aws::dynamodb::Update commit_update(const std::string& table, const RowKey& key,
                                                  const tezos::Proposal& proposal, Fence fence,
                                                  WallTime now);

/// Creates the row of a scope at `level`; refused if there is one.
[[nodiscard]] aws::dynamodb::Update arm_update(const std::string& table,
                                               const tezos::WatermarkId& id, tezos::Level level,
                                               WallTime now);

/// Lifts a row to a higher position, and its pace with it; its `until` stays. Refused if there is
/// no row or its position is not lower; unless `force`d, also if the level is further ahead than
/// the fence allows.
[[nodiscard]] aws::dynamodb::Update raise_update(const std::string& table,
                                                 const tezos::SigningPosition& position, bool force,
                                                 WallTime now);

/// Moving in with another signer's marks: lifts a row as `raise_update` does, or creates it; its
/// pace is that of `head`, the chain's level now.
[[nodiscard]] aws::dynamodb::Update import_update(const std::string& table,
                                                  const tezos::SigningPosition& position,
                                                  tezos::Level head, bool force, WallTime now);

/// Moving out: lets a row commit nothing above `until`. Refused unless there is a row, it is sound
/// and not above that level, and its own `until` is higher or absent.
[[nodiscard]] aws::dynamodb::Update until_update(const std::string& table,
                                                 const tezos::WatermarkId& id, tezos::Level until,
                                                 WallTime now);

/// The position that a row is lifted to when it is to sign from that level on, which is not zero.
[[nodiscard]] tezos::Position before(tezos::Level from);

/// Moving in: lifts a row to the position before `from`, and its pace with it, and takes its
/// `until` away. Refused if there is no row, its position is higher or it stands just so already,
/// its `until` is not below `from`, or the level is further ahead than the fence allows.
[[nodiscard]] aws::dynamodb::Update from_update(const std::string& table,
                                                const tezos::WatermarkId& id, tezos::Level from,
                                                std::int64_t seen_ms, WallTime now);

}  // namespace redoubt::tezos_adapters
