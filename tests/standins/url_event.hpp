// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/base/clock.hpp>

#include "message.hpp"

/// What a Function URL makes of HTTP: payload format 2.0.
/// Source: Lambda developer guide, "Invoking Lambda function URLs".
namespace redoubt::standins {

/// The event for the function.
[[nodiscard]] std::string url_event(const HttpRequest& request, WallTime now);

/// The caller's answer from what the function returned; 502 if that is no answer.
[[nodiscard]] HttpResponse url_answer(const std::string& returned);

/// 502, as callers see every failure of the function itself.
[[nodiscard]] HttpResponse bad_gateway();

}  // namespace redoubt::standins
