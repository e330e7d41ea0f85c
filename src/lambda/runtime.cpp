// SPDX-License-Identifier: Apache-2.0
#include <redoubt/lambda/runtime.hpp>

#include <charconv>

#include <redoubt/base/json.hpp>

namespace redoubt::lambda {
namespace {

constexpr std::string_view root = "/2018-06-01/runtime";
/// Events are 6 MB at most, before escaping.
constexpr std::size_t max_event_bytes = std::size_t{16} << 20U;

std::optional<WallTime> parse_deadline(std::string_view text) {
    std::int64_t ms = 0;
    const auto parsed = std::from_chars(text.begin(), text.end(), ms);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.end()) return std::nullopt;
    return WallTime(Milliseconds(ms));
}

}  // namespace

Result<Invocation> read_invocation(http::Response answer) {
    if (answer.status != 200) {
        return fail(Code::Internal,
                    "the Runtime API answers " + std::to_string(answer.status) + " to `next`");
    }
    Invocation invocation;
    invocation.request_id = http::header(answer, "lambda-runtime-aws-request-id");
    if (invocation.request_id.empty()) {
        return fail(Code::Internal,
                    "the Runtime API gave an event without a request id, so it can't be answered");
    }
    const auto id = http::header(answer, "lambda-runtime-invocation-id");
    if (!id.empty()) invocation.invocation_id = id;
    invocation.trace_id = http::header(answer, "lambda-runtime-trace-id");
    invocation.deadline = parse_deadline(http::header(answer, "lambda-runtime-deadline-ms"));
    invocation.event = std::move(answer.body);
    return invocation;
}

Runtime::Runtime(std::string_view api) : client_(api, max_event_bytes) {}

Result<Invocation> Runtime::next() {
    auto answer = client_.exchange("GET", std::string(root) + "/invocation/next");
    if (!answer) return fail(Code::Internal, "the Runtime API is gone: " + answer.error().detail);
    return read_invocation(std::move(*answer));
}

Posted Runtime::respond(const Invocation& invocation, std::string_view answer,
                        http::LocalClient::Work meanwhile) {
    http::Pairs headers = {{"Content-Type", "application/json"}};
    if (invocation.invocation_id) {
        headers.emplace_back("Lambda-Runtime-Invocation-Id", *invocation.invocation_id);
    }
    return post("/invocation/" + invocation.request_id + "/response", headers, answer,
                std::move(meanwhile));
}

void Runtime::error(const Invocation& invocation, std::string_view type, std::string_view message) {
    report("/invocation/" + invocation.request_id + "/error", type, message);
}

void Runtime::init_error(std::string_view type, std::string_view message) {
    report("/init/error", type, message);
}

/// Whatever comes of it.
void Runtime::report(const std::string& path, std::string_view type, std::string_view message) {
    static_cast<void>(post(
        path,
        {{"Content-Type", "application/json"},
         {"Lambda-Runtime-Function-Error-Type", std::string(type)}},
        dump({{"errorType", type}, {"errorMessage", message}, {"stackTrace", Json::array()}})));
}

Posted Runtime::post(const std::string& path, const http::Pairs& headers, std::string_view body,
                     http::LocalClient::Work meanwhile) {
    const auto answer =
        client_.exchange("POST", std::string(root) + path, headers, body, std::move(meanwhile));
    if (!answer || answer->status >= 500) return Posted::Broken;
    return answer->status == 202 ? Posted::Accepted : Posted::Refused;
}

}  // namespace redoubt::lambda
