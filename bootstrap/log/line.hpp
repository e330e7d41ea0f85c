// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>

namespace redoubt::bootstrap {

/// The severities that Lambda filters by.
enum class Severity { Info, Warn, Error };

/// One line of JSON: `timestamp`, `level` and `message` beside the `fields`.
[[nodiscard]] std::string log_line(const Clock& clock, Severity severity, std::string_view message,
                                   Json fields);
void write_log(std::string_view line);
/// Both.
void log(const Clock& clock, Severity severity, std::string_view message, Json fields);

/// Milliseconds with three decimals.
[[nodiscard]] double log_ms(std::chrono::duration<double, std::milli> spent);

/// What a code calls for: refusals are warnings, what an operator has to look at is an error.
[[nodiscard]] Severity severity_of(Code code);

}  // namespace redoubt::bootstrap
