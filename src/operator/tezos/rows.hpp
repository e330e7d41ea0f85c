// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/tezos/watermark.hpp>

/// Rows as operators see them. A block's signature is left out: it is for its baker.
namespace redoubt::tezos_operator {

/// `{pkh, chain, kind}`
[[nodiscard]] Json to_json(const tezos::WatermarkId& id);
/// `{pkh, chain, kind, level, round, digest, at, pace}`: digest in hex or null, `at` in ms since
/// 1970, `pace` in ms. And for whoever reads these: `written` (`at` as a date), `level_closed`
/// (whether no round of the level is left), `signs_from` (`{level, round}`, the lowest position
/// that may be signed) and `signs_up_to` (the highest level that the fence allows now).
[[nodiscard]] Json to_json(const tezos::WatermarkId& id, const tezos::Row& row, WallTime now);

/// Appends the rows of a key to the list `rows`, page by page; of one that is damaged `{pkh, scope,
/// damaged: true}`. Errors: table_refused, table_unavailable, credentials_expired, deadline.
[[nodiscard]] Result<void> read_rows(const Context& context, const tezos::KeyInfo& key,
                                     SteadyTime deadline, Json& rows);

}  // namespace redoubt::tezos_operator
