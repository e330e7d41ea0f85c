// SPDX-License-Identifier: Apache-2.0
// Events of Lambda: of each HTTP front, and commands. The input: an event.
#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/lambda/event.hpp>

#include "check.hpp"

namespace redoubt::fuzz::event {
namespace {

using lambda::CommandEvent;
using lambda::HttpEvent;
using lambda::UnreadableEvent;

bool has_mark_of_http(const Json& event) {
    return event.is_object() && (event.contains("requestContext") || event.contains("rawPath") ||
                                 event.contains("httpMethod"));
}

void check_body(const Json& event, const Result<std::string>& body) {
    const Json given = event.value("body", Json());
    const Json flag = event.value("isBase64Encoded", Json());
    if (body && given.is_null()) {
        check(body->empty(), "no body is an empty one");
    } else if (body) {
        check(given == Json(flag == true ? to_base64(bytes_of(*body)) : *body),
              "the body is the event's");
    } else {
        check(!given.is_string() || !(flag.is_null() || flag == false), "a plain text is a body");
    }
}

void check_request(const Json& event, const http::Request& request) {
    const bool is_2 = event.contains("rawPath");
    const Json method =
        is_2 ? event.at("requestContext").at("http").at("method") : event.at("httpMethod");
    check(method == request.method, "the method is the event's");
    const auto path = percent_decode(event.at(is_2 ? "rawPath" : "path").get<std::string>());
    check(path == request.path, "the path is the event's");
    check(request.path.starts_with(request.prefix) &&
              (request.prefix.empty() || request.prefix.starts_with('/')),
          "what a front put first is what comes first");
    check_body(event, request.body);
    check(request.query || request.query.error().code == Code::BadRequest,
          "a query, or bad_request");
    check(request.body || request.body.error().code == Code::BadRequest ||
              request.body.error().code == Code::TooLarge,
          "a body, or bad_request, or too_large");
}

/// What an answer of ours looks like to the front.
void check_answer(const HttpEvent& event, const Json& given) {
    const http::Response response{200, {{"Content-Type", "application/json"}}, "{}"};
    const Json answer = lambda::to_answer(response, event.header_form);
    const bool lists = event.header_form == lambda::HeaderForm::Lists;
    check(answer.at("statusCode") == 200 && answer.at("body") == "{}" &&
              answer.at("isBase64Encoded") == false,
          "an answer has all of its members");
    check(answer.contains("multiValueHeaders") == lists && answer.contains("headers") != lists,
          "and headers of one form");
    check(!lists || given.contains("multiValueHeaders"), "lists, if lists came");
}

}  // namespace

void one_input(ByteView input) {
    const std::string_view text = text_of(input);
    const auto json = parse_json(text);
    const lambda::Event event = lambda::parse_event(text);
    if (!json || json->is_null()) {
        const auto* unreadable = std::get_if<UnreadableEvent>(&event);
        check(unreadable != nullptr && !unreadable->is_json, "what is no JSON says nothing");
        return;
    }
    const auto* http = std::get_if<HttpEvent>(&event);
    check((http != nullptr) == has_mark_of_http(*json),
          "what has a mark of HTTP is HTTP's, no other");
    if (http != nullptr) {
        check(http->request || http->request.error().code == Code::BadRequest,
              "a request, or bad_request");
        if (http->request) check_request(*json, *http->request);
        check_answer(*http, *json);
    } else if (const auto* command = std::get_if<CommandEvent>(&event)) {
        check(command->fields == json->at("redoubt") &&
                  command->fields.at("command") == command->name,
              "a command is the event's");
    } else {
        check(std::get<UnreadableEvent>(event).is_json, "JSON that says nothing");
    }
    const lambda::Event again = lambda::parse_event(dump(*json));
    check(again.index() == event.index(), "white space and escapes change nothing");
}

}  // namespace redoubt::fuzz::event
