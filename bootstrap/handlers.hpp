// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "config/environment.hpp"
#include "handlers/handler.hpp"

namespace redoubt::bootstrap {

/// Why a process does not start, for the log and for Lambda's init/error.
struct InitError {
    std::string_view type;
    std::string reason;
};

using NewHandler = std::expected<std::unique_ptr<Handler>, InitError>;

/// The handler that `_HANDLER` names, ready to answer. An unknown name is an error that says which
/// there are. The clock outlives it. (Cold, here and elsewhere: what runs once, or for operators,
/// is made small rather than fast.)
[[nodiscard, gnu::cold]] NewHandler make_handler(const Environment& environment,
                                                 const Clock& clock);

}  // namespace redoubt::bootstrap
