// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/error.hpp>

#include "log/fields.hpp"

namespace redoubt::bootstrap {

/// One line of JSON: the `fields`, then `timestamp`, `level` and `message`.
[[nodiscard]] std::string log_line(const Clock& clock, Severity severity, std::string_view message,
                                   LogFields fields);
void write_log(std::string_view line);
/// Both.
void log(const Clock& clock, Severity severity, std::string_view message, LogFields fields);

}  // namespace redoubt::bootstrap
