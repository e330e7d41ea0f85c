// SPDX-License-Identifier: Apache-2.0
#include "front.hpp"

#include <utility>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>

#include "aws_exception.hpp"
#include "function_url.hpp"
#include "log_events.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

constexpr std::string_view invoke_prefix = "/2015-03-31/functions/";
constexpr std::string_view invoke_suffix = "/invocations";
constexpr std::size_t max_body = 6UL << 20U;
constexpr std::size_t log_tail = 4096;
constexpr std::string_view filter_target = "Logs_20140328.FilterLogEvents";
constexpr std::string_view lookup_target =
    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
constexpr std::string_view encrypt_target = "TrentService.Encrypt";
constexpr std::string_view log_group_prefix = "/aws/lambda/";

/// Null for what is no call to one of them.
const std::string* service_target(const HttpRequest& request) {
    if (request.method != "POST" || request.path() != "/") return nullptr;
    const std::string* target = find(request.headers, "x-amz-target");
    const bool is_known =
        target != nullptr &&
        (*target == filter_target || *target == lookup_target || *target == encrypt_target);
    return is_known ? target : nullptr;
}

HttpResponse lambda_error(int status, const std::string& type, const std::string& message) {
    return {.status = status,
            .body = dump({{"Type", "User"}, {"Message", message}}),
            .headers = {{"x-amzn-errortype", type}}};
}

/// The function's name from a name, `name:qualifier` or an ARN.
std::string function_name(std::string_view given) {
    std::string name = percent_decode(given).value_or(std::string(given));
    const auto in_arn = name.find(":function:");
    if (in_arn != std::string::npos) name.erase(0, in_arn + 10);
    return name.substr(0, name.find(':'));
}

}  // namespace

Front::Front(int port, Function& signer, std::map<std::string, Function*> functions,
             Services services)
    : signer_(signer),
      functions_(std::move(functions)),
      services_(services),
      server_({.port = port}, [this](const HttpRequest& request) { return handle(request); }) {}

std::string Front::url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

HttpResponse Front::handle(const HttpRequest& request) {
    if (request.body.size() > max_body) {
        return lambda_error(413, "RequestEntityTooLargeException",
                            "Request must be smaller than "
                            "6291456 bytes");
    }
    if (const std::string* target = service_target(request)) return call_service(*target, request);
    const std::string_view path = request.path();
    if (request.method == "POST" && path.starts_with(invoke_prefix) &&
        path.ends_with(invoke_suffix) &&
        path.size() > invoke_prefix.size() + invoke_suffix.size()) {
        return invoke(request,
                      path.substr(invoke_prefix.size(),
                                  path.size() - invoke_prefix.size() - invoke_suffix.size()));
    }
    return call_url(signer_, services_.clock, request);
}

/// Their JSON protocols, without a signature: there is nothing to keep from anybody.
HttpResponse Front::call_service(const std::string& target, const HttpRequest& request) const {
    try {
        const auto call = parse_json(request.body);
        if (!call || !call->is_object()) {
            throw AwsException{.type = "SerializationException", .message = "not an object"};
        }
        return {.body = dump(answer_call(target, *call))};
    } catch (const AwsException& error) {
        return {.status = error.status,
                .body = dump({{"__type", error.type}, {"message", error.message}})};
    }
}

Json Front::answer_call(const std::string& target, const Json& call) const {
    if (target == filter_target) return read_log(call);
    if (target == lookup_target) return services_.trail.lookup_events(call);
    // In the key's own Region, as whoever has its ARN would ask.
    const std::string* key = string_member(call, "KeyId");
    const auto known = key == nullptr ? nullptr : services_.kms.key(*key);
    return services_.kms.operate("Encrypt", call, {}, known ? known->place.region : "us-east-1");
}

Json Front::read_log(const Json& call) const {
    const std::string* group = string_member(call, "logGroupName");
    if (group == nullptr || !group->starts_with(log_group_prefix)) {
        throw AwsException{.type = "InvalidParameterException",
                           .message = "logGroupName is missing"};
    }
    const auto found = functions_.find(group->substr(log_group_prefix.size()));
    if (found == functions_.end()) {
        throw AwsException{.type = "ResourceNotFoundException",
                           .message = "The specified log group does not exist."};
    }
    return filter_log_events(found->second->log(), call);
}

HttpResponse Front::invoke(const HttpRequest& request, std::string_view target) {
    const auto found = functions_.find(function_name(target));
    if (found == functions_.end()) {
        return lambda_error(404, "ResourceNotFoundException",
                            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:" +
                                function_name(target));
    }
    Function& function = *found->second;
    const std::string* type = find(request.headers, "x-amz-invocation-type");
    if (type != nullptr && *type == "DryRun") return {.status = 204};
    const Outcome outcome = function.invoke(request.body.empty() ? "{}" : request.body);
    if (type != nullptr && *type == "Event") return {.status = 202};
    if (outcome.kind == Outcome::Kind::Busy) {
        return lambda_error(429, "TooManyRequestsException", "Rate Exceeded.");
    }
    HttpResponse response{
        .body = outcome.payload,
        .headers = {{"x-amzn-RequestId", make_uuid()}, {"X-Amz-Executed-Version", "$LATEST"}}};
    if (outcome.kind == Outcome::Kind::Error) {
        response.headers.push_back({"X-Amz-Function-Error", "Unhandled"});
    }
    const std::string* log_type = find(request.headers, "x-amz-log-type");
    if (log_type != nullptr && *log_type == "Tail") {
        response.headers.push_back(
            {"X-Amz-Log-Result", to_base64(bytes_of(function.log().tail(log_tail)))});
    }
    return response;
}

}  // namespace redoubt::standins
