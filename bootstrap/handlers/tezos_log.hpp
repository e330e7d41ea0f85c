// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include <redoubt/base/result.hpp>
#include <redoubt/tezos/request_trace.hpp>

#include "log/request_line.hpp"

namespace redoubt::bootstrap {

/// What the log tells of a baker's request, answered with `status`; `error` is why it was refused.
[[nodiscard]] LogFields log_fields(const tezos::RequestTrace& trace, int status,
                                   const std::optional<Error>& error);

/// Each is a custom metric that CloudWatch charges for, once a function.
[[nodiscard]] std::span<const Metric> signer_metrics();

}  // namespace redoubt::bootstrap
