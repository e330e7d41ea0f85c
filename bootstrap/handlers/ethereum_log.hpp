// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include <redoubt/base/result.hpp>
#include <redoubt/ethereum/web3signer_api.hpp>

#include "log/request_line.hpp"

namespace redoubt::bootstrap {

/// What the log tells of a validator client's request, answered with `status`; `error` is why it
/// was refused.
[[nodiscard]] LogFields log_fields(const ethereum::RequestTrace& trace, int status,
                                   const std::optional<Error>& error);

/// Each is a custom metric that CloudWatch charges for, once a function.
[[nodiscard]] std::span<const Metric> ethereum_signer_metrics();

}  // namespace redoubt::bootstrap
