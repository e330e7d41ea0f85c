// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/http/message.hpp>

/// Events, read once: a request that came through an HTTP front (Function URL and HTTP API with
/// payload 2.0, REST API with 1.0, ALB), a command of somebody who may invoke the function, or
/// neither.
namespace redoubt::lambda {

/// How a front wants the headers of an answer.
enum class HeaderForm { Values, Lists };

/// Whatever has a member `requestContext`, `rawPath` or `httpMethod`: never a command.
struct HttpEvent {
    Result<http::Request> request;  // bad_request if the event names no method or no path
    HeaderForm header_form = HeaderForm::Values;
};

/// `{"redoubt":{"command":"<name>", ...}}`
struct CommandEvent {
    std::string name;
    Json fields;  // all of the object
};

struct UnreadableEvent {
    bool is_json = false;  // and not null, which says as little
};

using Event = std::variant<HttpEvent, CommandEvent, UnreadableEvent>;

[[nodiscard]] Event parse_event(std::string_view text);

/// The answer to an HttpEvent.
[[nodiscard]] Json to_answer(http::Response response, HeaderForm form);

}  // namespace redoubt::lambda
