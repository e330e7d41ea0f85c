// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/tezos/watermark.hpp>

/// Rows as operators see them. A block's signature is left out: it is for its baker.
namespace redoubt::tezos_operator {

/// `{pkh, chain, kind}`
[[nodiscard]] Json to_json(const tezos::WatermarkId& id);
/// `{pkh, chain, kind, level, round, digest, at, pace, until}`: digest in hex or null, `at` in ms
/// since 1970, `pace` in ms, `until` a level or null. And for whoever reads these: `written` (`at`
/// as a date), `level_closed` (whether no round of the level is left), `signs_from` (`{level,
/// round}`, the lowest position that may be signed; null if none) and `signs_up_to` (the highest
/// level that the fence and `until` allow now).
[[nodiscard]] Json to_json(const tezos::WatermarkId& id, const tezos::Row& row, WallTime now);

/// The same of an item of this key; of one that is damaged `{pkh, scope, damaged: true}`.
[[nodiscard]] Json item_to_json(const tezos::KeyHash& key, const Json& item, WallTime now);

/// All items that an operation reads, page by page; `make_body` is given the LastEvaluatedKey of
/// the page before, or null. Errors: table_refused, table_unavailable, credentials_expired,
/// deadline.
[[nodiscard]] Result<std::vector<Json>> read_pages(
    const Context& context, const std::string& operation,
    const std::function<std::string(const Json&)>& make_body, SteadyTime deadline);

/// The rows of a key, by a consistent read. Errors: the same.
[[nodiscard]] Result<std::vector<Json>> read_items(const Context& context,
                                                   const tezos::KeyHash& key, SteadyTime deadline);

}  // namespace redoubt::tezos_operator
