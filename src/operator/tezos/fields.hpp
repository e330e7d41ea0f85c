// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/operator/fields.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The fields of a command, read strictly. Errors: bad_request, unknown_key, too_far_ahead.
namespace redoubt::tezos_operator {

/// Above this, a level is more likely to have a digit too many than to be a chain's: the highest
/// known chain needs until the 2030s.
inline constexpr tezos::Level unlikely_level{50'000'000};

/// The highest level that any chain may have reached by then: one a second since Tezos began, in
/// July 2018.
[[nodiscard]] tezos::Level highest_possible_level(WallTime now);

/// `level`, or the field of that name, if some chain may have reached it by then. (A row can't be
/// lowered: one that stands beyond all chains would disable its key.)
[[nodiscard]] Result<tezos::Level> read_level(const Json& fields, WallTime now,
                                              std::string_view name = "level");

using operators::bad_request;
using operators::read_flag;

/// A whole number below 2^31.
[[nodiscard]] Result<std::uint32_t> read_int31_field(const Json& fields, std::string_view name);

/// Without `force`, where a level is likely to be mistyped.
[[nodiscard]] std::optional<Error> doubt_level(tezos::Level level, bool force);

/// `chain`.
[[nodiscard]] Result<tezos::ChainId> read_chain(const Json& fields);

/// `keys`, all of which are known; all that are known, if absent. `known_as` says what they are.
[[nodiscard]] Result<std::vector<tezos::KeyHash>> read_keys(
    const Json& fields, const tezos::Keys& known,
    std::string_view known_as = "of KMS_KEY_ID or SEALED_KEYS");

/// The three watermarks of each key in `keys` (absent: of all keys) on `chain`.
[[nodiscard]] Result<std::vector<tezos::WatermarkId>> read_watermark_ids(const Json& fields,
                                                                         const tezos::Keys& known);

}  // namespace redoubt::tezos_operator
