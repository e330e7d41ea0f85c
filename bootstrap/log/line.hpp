// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/error.hpp>
#include <redoubt/base/json.hpp>

namespace redoubt::bootstrap {

/// One line of JSON: `timestamp`, `level` and `message` beside the `fields`.
[[nodiscard]] std::string log_line(const Clock& clock, Severity severity, std::string_view message,
                                   Json fields);
void write_log(std::string_view line);
/// Both.
void log(const Clock& clock, Severity severity, std::string_view message, Json fields);

/// Milliseconds with three decimals.
[[nodiscard]] double log_ms(std::chrono::duration<double, std::milli> spent);

}  // namespace redoubt::bootstrap
