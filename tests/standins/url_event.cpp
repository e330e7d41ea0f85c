// SPDX-License-Identifier: Apache-2.0
#include "url_event.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>

#include "local_clock.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

constexpr std::string_view domain_prefix = "redoubtlocal";
constexpr std::string_view domain = "redoubtlocal.lambda-url.us-east-1.on.aws";

/// Whether a body of this type reaches the function as it is; all others come in base64, those
/// without a type and forms included (measured by others on real HTTP APIs).
bool is_text(const std::string* content_type) {
    if (content_type == nullptr) return false;
    static constexpr std::array<std::string_view, 3> plain = {"application/json", "application/xml",
                                                              "application/javascript"};
    std::string_view type = *content_type;
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    return type.starts_with("text/") || std::ranges::find(plain, type) != plain.end();
}

/// Repeated names are joined by commas.
Json joined(const Headers& headers) {
    std::map<std::string, std::string> all;
    for (const Header& header : headers) {
        if (header.name == "cookie") continue;
        std::string& value = all[header.name];
        value += (value.empty() ? "" : ",") + header.value;
    }
    return all;
}

Json cookies(const Headers& headers) {
    Json all = Json::array();
    for (const Header& header : headers) {
        if (header.name == "cookie") all.push_back(header.value);
    }
    return all;
}

Json query_parameters(std::string_view query) {
    std::map<std::string, std::string> all;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto equals = std::min(pair.find('='), pair.size());
        const auto name = percent_decode(pair.substr(0, equals), true);
        const auto value =
            percent_decode(equals < pair.size() ? pair.substr(equals + 1) : "", true);
        if (!name || !value) continue;
        std::string& joined_value = all[*name];
        joined_value += (joined_value.empty() ? "" : ",") + *value;
    }
    return all;
}

std::string header_or_empty(const Headers& headers, std::string_view name) {
    const std::string* value = find(headers, name);
    return value == nullptr ? "" : *value;
}

Json request_context(const HttpRequest& request, WallTime now) {
    return {{"accountId", "anonymous"},
            {"apiId", domain_prefix},
            {"authentication", nullptr},
            {"domainName", domain},
            {"domainPrefix", domain_prefix},
            {"http",
             {{"method", request.method},
              {"path", request.path()},
              {"protocol", request.version},
              {"sourceIp", request.peer},
              {"userAgent", header_or_empty(request.headers, "user-agent")}}},
            {"requestId", make_uuid()},
            {"routeKey", "$default"},
            {"stage", "$default"},
            {"time", format_time(now, "%d/%b/%Y:%H:%M:%S +0000")},
            {"timeEpoch", unix_ms(now)}};
}

/// Strings as they are; Lambda takes numbers and booleans, too.
std::string header_text(const Json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    return text == nullptr ? dump(value) : *text;
}

bool read_body(const Json& answer, std::string& body) {
    const Json* given = member(answer, "body");
    if (given == nullptr || given->is_null()) return true;
    if (!given->is_string()) return false;
    body = given->get<std::string>();
    const Json* encoded = member(answer, "isBase64Encoded");
    if (encoded == nullptr || *encoded != true) return true;
    const auto bytes = from_base64(body);
    if (bytes) body = text_of(*bytes);
    return bytes.has_value();
}

}  // namespace

std::string url_event(const HttpRequest& request, WallTime now) {
    const bool text = is_text(find(request.headers, "content-type"));
    Json event = {{"version", "2.0"},
                  {"routeKey", "$default"},
                  {"rawPath", request.path()},
                  {"rawQueryString", request.query()},
                  {"headers", joined(request.headers)},
                  {"requestContext", request_context(request, now)},
                  {"isBase64Encoded", !request.body.empty() && !text}};
    if (!request.query().empty()) {
        event["queryStringParameters"] = query_parameters(request.query());
    }
    if (Json all = cookies(request.headers); !all.empty()) event["cookies"] = std::move(all);
    if (!request.body.empty()) {
        event["body"] = text ? request.body : to_base64(bytes_of(request.body));
    }
    return dump(event);
}

HttpResponse url_answer(const std::string& returned) {
    const Json answer = Json::parse(returned, nullptr, false);
    if (answer.is_discarded()) return bad_gateway();
    const Json* status = member(answer, "statusCode");
    if (status == nullptr) return {.body = returned};
    if (!status->is_number_integer()) return bad_gateway();
    const auto code = status->get<std::int64_t>();
    if (code < 100 || code > 599) return bad_gateway();

    HttpResponse response{.status = static_cast<int>(code)};
    if (!read_body(answer, response.body)) return bad_gateway();
    if (const Json* headers = member(answer, "headers");
        headers != nullptr && headers->is_object()) {
        for (const auto& [name, value] : headers->items()) {
            std::string lower = name;
            std::ranges::transform(lower, lower.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            });
            if (lower == "content-type") {
                response.content_type = header_text(value);
            } else if (lower != "content-length") {
                response.headers.push_back({name, header_text(value)});
            }
        }
    }
    return response;
}

HttpResponse bad_gateway() {
    return {.status = 502, .content_type = "application/json", .body = "Internal Server Error"};
}

}  // namespace redoubt::standins
