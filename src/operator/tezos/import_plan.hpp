// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/tezos/formats/marks.hpp>
#include <redoubt/tezos/keys.hpp>
#include <redoubt/tezos/watermark.hpp>

/// What `import` makes of another signer's marks: which rows, and where each is to stand.
namespace redoubt::tezos_operator {

/// One row, and why it is to stand there.
struct ImportTarget {
    tezos::WatermarkId id;
    std::optional<tezos::Position> in_data;  // nothing: the data has no mark of that kind
    tezos::Position at;
};

struct ImportPlan {
    tezos::ChainId chain;
    std::vector<ImportTarget> targets;
    Json left_out = Json::array();     // {chain, pkh} that are in the data and not imported
    Json not_in_data = Json::array();  // addresses of keys of this function
};

/// How far to go.
struct ImportLevels {
    tezos::Level head;
    std::uint32_t margin = 0;
    bool force = false;
    WallTime now;
};

/// The three rows of each key: at the higher of its mark and the whole of the head's level, and
/// `margin` levels above, closed. `fields`: `chain` chooses among several, `keys` among keys.
/// Nothing is left out unless they say so. Errors: bad_request, unknown_key, too_far_ahead (a level
/// that no chain can have or, without `force`, one that the fence would not let be reached).
[[nodiscard]] Result<ImportPlan> plan_import(const tezos::formats::Marks& marks, const Json& fields,
                                             const tezos::Keys& known, const ImportLevels& levels);

}  // namespace redoubt::tezos_operator
