// SPDX-License-Identifier: Apache-2.0
#include "service.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <redoubt/crypto/hash.hpp>

#include "random.hpp"

namespace redoubt::standins {

namespace {

bool has(const std::vector<Fault>& struck, FaultKind kind) {
    return std::ranges::find(struck, kind, &Fault::kind) != struck.end();
}

/// Faults that are refusals of the service.
void refuse_by_fault(const std::vector<Fault>& struck, Target target) {
    for (const Fault& fault : struck) {
        if (fault.kind == FaultKind::Throttle) {
            throw AwsException{.type = "ThrottlingException", .message = "Rate exceeded"};
        }
        if (fault.kind == FaultKind::Unavailable) {
            const bool kms = target == Target::Kms;
            throw AwsException{.type = kms ? "KMSInternalException" : "InternalServerError",
                               .message = "Internal server error",
                               .status = 500};
        }
        if (fault.kind == FaultKind::Denied) {
            throw AwsException{.type = "AccessDeniedException",
                               .message = "User is not authorized to perform this operation"};
        }
        if (fault.kind == FaultKind::Expired) {
            throw AwsException{.type = "ExpiredTokenException",
                               .message = "The security token included in the request is expired",
                               .status = 403};
        }
        if (fault.kind == FaultKind::Conflict) {
            throw AwsException{.type = "ReplicatedWriteConflictException",
                               .message =
                                   "One or more items in this request are being modified by "
                                   "a request in another Region."};
        }
    }
}

Milliseconds extra_latency(const std::vector<Fault>& struck) {
    Milliseconds sum{0};
    for (const Fault& fault : struck) {
        if (fault.kind == FaultKind::Slow) sum += Milliseconds(*fault.argument);
    }
    return sum;
}

/// Another row: every number and every binary is not what it was.
void falsify(Json& row) {
    for (auto& [name, attribute] : row.items()) {
        if (attribute.contains("N")) attribute["N"] = "1";
        if (attribute.contains("B")) attribute["B"] = "AAAA";
    }
}

std::string falsified(const std::string& body) {
    Json json = Json::parse(body, nullptr, false);
    for (const char* member : {"Attributes", "Item"}) {
        if (json.is_object() && json.contains(member)) falsify(json[member]);
    }
    if (json.is_object() && json.contains("Responses")) {
        for (Json& items : json["Responses"]) std::ranges::for_each(items, falsify);
    }
    return dump(json);
}

}  // namespace

Service::Service(Settings settings, const LocalCredentials& credentials, const LocalClock& clock,
                 Faults& faults, Pause& pause, Operate operate)
    : settings_(std::move(settings)),
      signature_(credentials, settings_.region, settings_.name),
      clock_(clock),
      faults_(faults),
      pause_(pause),
      operate_(std::move(operate)),
      server_({.tls = settings_.tls, .threads = settings_.connections},
              [this](const HttpRequest& request) { return handle(request); }) {}

std::string Service::endpoint() const {
    return (settings_.tls == nullptr ? "http" : "https") + std::string("://127.0.0.1:") +
           std::to_string(server_.port());
}

ServiceCounts Service::counts() const {
    const std::scoped_lock lock(mutex_);
    return {.calls = calls_, .refused = refused_, .server = server_.counts()};
}

WallTime Service::now() const {
    return clock_.now() + std::chrono::seconds(faults_.skew(settings_.target));
}

std::string Service::count_operation(const HttpRequest& request) {
    const std::string* target = find(request.headers, "x-amz-target");
    const bool ours = request.method == "POST" && target != nullptr &&
                      target->starts_with(settings_.target_prefix);
    std::string operation = ours ? target->substr(settings_.target_prefix.size()) : "other";
    const std::scoped_lock lock(mutex_);
    ++calls_[operation];
    return operation;
}

HttpResponse Service::handle(const HttpRequest& request) {
    if (request.method != "POST") {
        (void)count_operation(request);
        HttpResponse response = front_page();
        add_headers(response, {}, make_uuid());
        return response;
    }
    const std::vector<Fault> struck = faults_.strike(settings_.target);
    HttpResponse response = perform(request, struck);
    response.hold = [this, due = request.arrived + settings_.latency + extra_latency(struck)] {
        (void)pause_.until(due);
    };
    return response;
}

HttpResponse Service::perform(const HttpRequest& request, const std::vector<Fault>& struck) {
    const std::string operation = count_operation(request);
    if (has(struck, FaultKind::Blackhole)) return {.delivery = Delivery::Never};
    if (has(struck, FaultKind::Reset)) return {.delivery = Delivery::Cut};
    const std::string request_id = make_uuid();
    HttpResponse response;
    try {
        std::string region;
        try {
            region = signature_.check(request, now());
        } catch (const AwsException&) {
            const std::scoped_lock lock(mutex_);
            ++refused_;
            throw;
        }
        refuse_by_fault(struck, settings_.target);
        if (operation == "other")
            throw AwsException{.type = "UnknownOperationException", .message = ""};
        const auto call = parse_json(request.body);
        if (!call || !call->is_object()) {
            throw AwsException{.type = "SerializationException",
                               .message = "Start of structure or map found where not expected"};
        }
        response = answer(200, operate(operation, *call, struck, request_id, region));
    } catch (const AwsException& error) {
        response = answer_error(error);
    }
    spoil(response, struck);
    add_headers(response, struck, request_id);
    return response;
}

Json Service::operate(const std::string& operation, const Json& call,
                      const std::vector<Fault>& struck, const std::string& request_id,
                      const std::string& region) const {
    const auto record = [&](const std::string& error) {
        if (settings_.record) settings_.record({operation, call, error, request_id, now()});
    };
    try {
        Json result = operate_(operation, call, struck, region);
        record({});
        return result;
    } catch (const AwsException& error) {
        record(error.type);
        throw;
    }
}

HttpResponse Service::answer(int status, const Json& body) const {
    return {.status = status, .content_type = settings_.content_type, .body = dump(body)};
}

HttpResponse Service::answer_error(const AwsException& error) const {
    Json body = error.more;
    body["__type"] = qualified(error.type);
    if (!error.message.empty()) body["message"] = error.message;
    return answer(error.status, body);
}

std::string Service::qualified(const std::string& type) const {
    if (settings_.target == Target::Kms) return type;
    static constexpr std::array<std::string_view, 8> of_the_front = {
        "UnknownOperationException",    "SerializationException",
        "AccessDeniedException",        "UnrecognizedClientException",
        "InvalidSignatureException",    "MissingAuthenticationTokenException",
        "IncompleteSignatureException", "ExpiredTokenException"};
    if (type == "ValidationException") return "com.amazon.coral.validate#" + type;
    if (type == "ThrottlingException") return "com.amazon.coral.availability#" + type;
    const bool front = std::ranges::find(of_the_front, type) != of_the_front.end();
    return (front ? "com.amazon.coral.service#" : "com.amazonaws.dynamodb.v20120810#") + type;
}

/// An unsigned GET, as load balancers send it and clients that only want a connection.
HttpResponse Service::front_page() const {
    if (settings_.target == Target::Kms) {
        return {
            .status = 404, .content_type = "text/plain", .body = "<UnknownOperationException/>\n"};
    }
    return {.content_type = "text/plain", .body = "healthy: dynamodb.us-east-1.amazonaws.com "};
}

void Service::spoil(HttpResponse& response, const std::vector<Fault>& struck) const {
    if (has(struck, FaultKind::WrongBody)) response.body = falsified(response.body);
    if (has(struck, FaultKind::EmptyBody)) response.body.clear();
    if (has(struck, FaultKind::Close)) response.delivery = Delivery::Close;
    if (has(struck, FaultKind::HalfAnswer)) response.delivery = Delivery::Half;
    if (has(struck, FaultKind::LostAnswer)) response.delivery = Delivery::Cut;
}

void Service::add_headers(HttpResponse& response, const std::vector<Fault>& struck,
                          const std::string& request_id) const {
    response.headers.push_back({"x-amzn-RequestId", request_id});
    response.headers.push_back({"Date", http_date(now())});
    if (settings_.target != Target::DynamoDb) return;
    std::uint32_t crc = crypto::crc32(bytes_of(response.body));
    if (has(struck, FaultKind::WrongCrc)) crc ^= 1U;
    response.headers.push_back({"x-amz-crc32", std::to_string(crc)});
}

}  // namespace redoubt::standins
