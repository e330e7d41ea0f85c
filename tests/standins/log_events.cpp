// SPDX-License-Identifier: Apache-2.0
#include "log_events.hpp"

#include <charconv>
#include <limits>
#include <string>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

constexpr std::int64_t lines_a_page = 1000;

AwsException invalid(const std::string& message) {
    return {.type = "InvalidParameterException", .message = message};
}

std::int64_t number(const Json& call, const char* name, std::int64_t absent) {
    const Json* value = member(call, name);
    if (value == nullptr) return absent;
    if (!value->is_number_integer() || *value < 0) {
        throw invalid(std::string(name) + " must be a whole number, 0 or more");
    }
    return value->get<std::int64_t>();
}

std::uint64_t first_number(const Json& call) {
    const std::string* token = string_member(call, "nextToken");
    if (token == nullptr) return 0;
    std::uint64_t first = 0;
    const char* end = token->data() + token->size();
    if (const auto [at, error] = std::from_chars(token->data(), end, first);
        error != std::errc{} || at != end) {
        throw invalid("The specified nextToken is invalid.");
    }
    return first;
}

void refuse_unknown(const Json& call) {
    for (const auto& [name, value] : call.items()) {
        if (name != "logGroupName" && name != "startTime" && name != "endTime" && name != "limit" &&
            name != "nextToken" && name != "interleaved") {
            throw invalid("this stand-in does not know " + name);
        }
    }
}

Json to_json(const OutputLog::Line& line) {
    std::string id = std::to_string(line.number);
    id.insert(0, 56 - id.size(), '0');  // as long as CloudWatch's
    return {{"logStreamName", "local"},
            {"timestamp", unix_ms(line.at)},
            {"ingestionTime", unix_ms(line.at)},
            {"message", line.text},
            {"eventId", id}};
}

}  // namespace

Json filter_log_events(const OutputLog& log, const Json& call) {
    refuse_unknown(call);
    const std::int64_t start = number(call, "startTime", 0);
    const std::int64_t end = number(call, "endTime", std::numeric_limits<std::int64_t>::max());
    const std::int64_t limit = number(call, "limit", lines_a_page);
    if (limit < 1 || limit > 10000) throw invalid("limit must be from 1 to 10000");
    const std::uint64_t first = first_number(call);
    Json events = Json::array();
    for (const OutputLog::Line& line : log.entries()) {
        const std::int64_t at = unix_ms(line.at);
        if (line.number < first || at < start || at > end) continue;
        if (events.size() == static_cast<std::size_t>(limit)) {
            return {{"events", std::move(events)},
                    {"searchedLogStreams", Json::array()},
                    {"nextToken", std::to_string(line.number)}};
        }
        events.push_back(to_json(line));
    }
    return {{"events", std::move(events)}, {"searchedLogStreams", Json::array()}};
}

}  // namespace redoubt::standins
