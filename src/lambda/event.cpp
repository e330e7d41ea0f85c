// SPDX-License-Identifier: Apache-2.0
#include <redoubt/lambda/event.hpp>

#include <array>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/text.hpp>

namespace redoubt::lambda {
namespace {

/// Far more than any request that is answered; what is longer is not worth decoding.
constexpr std::size_t max_base64_body = base64_size(std::size_t{65536} + 1);

constexpr std::string_view bad_escape =
    "the query has a % that is not followed by two hexadecimal digits";
constexpr std::string_view bad_value =
    "the query cannot be read: each of its values must be a text";

std::unexpected<Error> bad(std::string_view what) {
    return fail(Code::BadRequest, std::string(what));
}

/// `a=1&b=2`, decoded.
Result<http::Pairs> parse_query(std::string_view query) {
    http::Pairs pairs;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view part = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (part.empty()) continue;
        const std::size_t equals = std::min(part.find('='), part.size());
        auto name = percent_decode(part.substr(0, equals), true);
        auto value = percent_decode(part.substr(std::min(equals + 1, part.size())), true);
        if (!name || !value) return bad(bad_escape);
        pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return pairs;
}

/// Appends a name and its value, which load balancers leave encoded.
Result<void> add_pair(http::Pairs& pairs, const std::string& name, const Json& value,
                      bool encoded) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr) return bad(bad_value);
    auto n = encoded ? percent_decode(name, true) : name;
    auto v = encoded ? percent_decode(*text, true) : *text;
    if (!n || !v) return bad(bad_escape);
    pairs.emplace_back(std::move(*n), std::move(*v));
    return {};
}

/// A member of `multi` is a list of values, one of `single` a value.
Result<http::Pairs> parse_query_maps(const Json& event, bool encoded) {
    http::Pairs pairs;
    const Json* multi = member(event, "multiValueQueryStringParameters");
    const Json* single = member(event, "queryStringParameters");
    const bool has_lists = multi != nullptr && multi->is_object();
    const Json* map = has_lists ? multi : single;
    if (map == nullptr || !map->is_object()) return pairs;
    for (const auto& [name, given] : map->items()) {
        const Json one = Json::array({given});
        const Json& values = has_lists ? given : one;
        if (!values.is_array()) return bad(bad_value);
        for (const Json& value : values) {
            if (const auto added = add_pair(pairs, name, value, encoded); !added) {
                return std::unexpected(added.error());
            }
        }
    }
    return pairs;
}

Result<std::string> parse_body(const Json& event) {
    const Json* body = member(event, "body");
    if (body == nullptr || body->is_null()) return std::string();
    const auto* text = body->get_ptr<const std::string*>();
    if (text == nullptr)
        return bad("the body cannot be read: it must be a text, in base64 if the event says so");
    const Json* flag = member(event, "isBase64Encoded");
    if (flag == nullptr || flag->is_null() || *flag == false) return *text;
    if (*flag != true)
        return bad("the body cannot be read: it must be a text, in base64 if the event says so");
    if (text->size() > max_base64_body) return fail(Code::TooLarge, "the body is too long");
    const auto bytes = from_base64(*text);
    if (!bytes) return bad("the body is not base64");
    return std::string(text_of(*bytes));
}

bool is_payload_2(const Json& event) { return member(event, "rawPath") != nullptr; }

bool is_load_balancer(const Json& event) {
    const Json* context = member(event, "requestContext");
    return context != nullptr && member(*context, "elb") != nullptr;
}

const std::string* method_of(const Json& event) {
    if (!is_payload_2(event)) return string_member(event, "httpMethod");
    const Json* context = member(event, "requestContext");
    const Json* http = context == nullptr ? nullptr : member(*context, "http");
    return http == nullptr ? nullptr : string_member(*http, "method");
}

Result<http::Pairs> query_of(const Json& event) {
    if (!is_payload_2(event)) return parse_query_maps(event, is_load_balancer(event));
    const std::string* raw = string_member(event, "rawQueryString");
    return parse_query(raw == nullptr ? std::string_view() : std::string_view(*raw));
}

bool is_http_event(const Json& event) {
    constexpr std::array<std::string_view, 3> marks = {"requestContext", "rawPath", "httpMethod"};
    for (std::string_view mark : marks) {
        if (member(event, mark) != nullptr) return true;
    }
    return false;
}

/// An HTTP API puts the name of its stage first, unless that is `$default`.
std::string stage_in(const Json& event, std::string_view path) {
    const Json* context = member(event, "requestContext");
    const std::string* stage = context == nullptr ? nullptr : string_member(*context, "stage");
    if (stage == nullptr || stage->empty() || *stage == "$default") return "";
    std::string prefix = "/" + *stage;
    const bool is_there = path == prefix || path.starts_with(prefix + "/");
    return is_there ? std::move(prefix) : "";
}

/// A REST API hides its stage, but shows the base path of a domain of one's own: what comes before
/// the resource, which ends with `{proxy+}` and so with what that stands for.
std::string mapping_in(const Json& event, std::string_view path) {
    constexpr std::string_view end = "{proxy+}";
    const std::string* resource = string_member(event, "resource");
    const Json* parameters = member(event, "pathParameters");
    const std::string* proxy =
        parameters == nullptr ? nullptr : string_member(*parameters, "proxy");
    if (resource == nullptr || proxy == nullptr || !resource->ends_with(end)) return "";
    const std::string own = resource->substr(0, resource->size() - end.size()) + *proxy;
    if (!own.starts_with('/') || !path.starts_with('/') || !path.ends_with(own)) return "";
    return std::string(path.substr(0, path.size() - own.size()));
}

std::string prefix_of(const Json& event, std::string_view path) {
    std::string stage = stage_in(event, path);
    return stage.empty() && !is_payload_2(event) ? mapping_in(event, path) : stage;
}

/// Appends a value of a header, or each of a list of them.
void add_value(std::string& to, const Json& value) {
    if (value.is_array()) {
        for (const Json& one : value) add_value(to, one);
    } else if (const auto* text = value.get_ptr<const std::string*>()) {
        to += (to.empty() ? "" : ", ") + *text;
    }
}

/// `small` is in small letters.
bool is_named(std::string_view name, std::string_view small) {
    return name.size() == small.size() && lower_case(name) == small;
}

/// Where a front sends them as lists, only those have all values.
void read_headers(const Json& event, http::Request& request) {
    for (const std::string_view form : {"multiValueHeaders", "headers"}) {
        const Json* headers = member(event, form);
        if (headers == nullptr || !headers->is_object()) continue;
        std::string accept;
        std::string authorization;
        // Not items(): its steps cost ten times as much.
        for (const auto& [name, value] : headers->get_ref<const Json::object_t&>()) {
            if (is_named(name, "accept")) add_value(accept, value);
            if (is_named(name, "authorization")) add_value(authorization, value);
        }
        if (request.accept.empty()) request.accept = std::move(accept);
        if (request.authorization.empty()) request.authorization = std::move(authorization);
    }
}

/// Of a Function URL under AWS_IAM.
std::string caller_of(const Json& event) {
    const Json* at = &event;
    for (const std::string_view name : {"requestContext", "authorizer", "iam"}) {
        at = member(*at, name);
        if (at == nullptr) return {};
    }
    const std::string* arn = string_member(*at, "userArn");
    return is_payload_2(event) && arn != nullptr ? *arn : std::string();
}

Result<http::Request> parse_request(const Json& event) {
    const std::string* method = method_of(event);
    const std::string* raw_path = string_member(event, is_payload_2(event) ? "rawPath" : "path");
    if (method == nullptr || raw_path == nullptr)
        return bad("the event names no method or no path");
    auto path = percent_decode(*raw_path);
    if (!path) return bad("the path has a % that is not followed by two hexadecimal digits");
    std::string prefix = prefix_of(event, *path);
    http::Request request{.method = *method,
                          .path = std::move(*path),
                          .query = query_of(event),
                          .body = parse_body(event),
                          .prefix = std::move(prefix),
                          .caller = caller_of(event)};
    read_headers(event, request);
    return request;
}

/// A load balancer wants lists exactly when it sent lists.
HeaderForm header_form_of(const Json& event) {
    const bool lists = is_load_balancer(event) && member(event, "multiValueHeaders") != nullptr;
    return lists ? HeaderForm::Lists : HeaderForm::Values;
}

}  // namespace

Event parse_event(std::string_view text) {
    const auto event = parse_json(text);
    if (!event || event->is_null()) return UnreadableEvent{.is_json = false};
    if (is_http_event(*event)) return HttpEvent{parse_request(*event), header_form_of(*event)};
    const Json* command = member(*event, "redoubt");
    const std::string* name = command == nullptr ? nullptr : string_member(*command, "command");
    if (name == nullptr) return UnreadableEvent{.is_json = true};
    return CommandEvent{*name, *command};
}

Json to_answer(http::Response response, HeaderForm form) {
    const bool lists = form == HeaderForm::Lists;
    Json answer = Json::object();
    Json& headers = answer[lists ? "multiValueHeaders" : "headers"] = Json::object();
    for (auto& [name, value] : response.headers) {
        headers[name] = lists ? Json::array({std::move(value)}) : Json(std::move(value));
    }
    answer["statusCode"] = response.status;
    answer["body"] = std::move(response.body);
    answer["isBase64Encoded"] = false;
    return answer;
}

}  // namespace redoubt::lambda
