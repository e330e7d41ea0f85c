// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/json.hpp>

#include "output_log.hpp"

namespace redoubt::standins {

/// CloudWatch Logs' FilterLogEvents, as far as the operator's command asks it: `startTime`,
/// `endTime` (ms, both included), `limit`, `nextToken`. Throws AwsException.
[[nodiscard]] Json filter_log_events(const OutputLog& log, const Json& call);

}  // namespace redoubt::standins
