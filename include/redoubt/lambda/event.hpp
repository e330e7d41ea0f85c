// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/http/message.hpp>

/// Events that carry HTTP requests: Function URL and HTTP API (payload 2.0), REST API (1.0), ALB.
namespace redoubt::lambda {

/// Whether an event came through an HTTP front. Such an event is never a command.
[[nodiscard]] bool is_http_event(const Json& event);

/// Errors: bad_request.
[[nodiscard]] Result<http::Request> parse_http_event(const Json& event);

/// The answer in the form that the event's front wants.
[[nodiscard]] Json to_http_answer(const Json& event, http::Response response);

}  // namespace redoubt::lambda
