// SPDX-License-Identifier: Apache-2.0
#include "trail.hpp"

#include <charconv>
#include <limits>
#include <ranges>

#include <redoubt/aws/endpoint.hpp>

#include "aws_exception.hpp"
#include "random.hpp"

namespace redoubt::standins {

namespace {

constexpr std::size_t events_a_page = 50;
constexpr const char* account = "000000000000";
constexpr const char* role = "arn:aws:iam::000000000000:role/redoubt-signer";

/// All that sign here have the one pair of credentials.
Json identity() {
    return {{"type", "AssumedRole"},
            {"principalId", "AROALOCAL:redoubt-signer"},
            {"arn", "arn:aws:sts::000000000000:assumed-role/redoubt-signer/redoubt-signer"},
            {"accountId", account},
            {"sessionContext", {{"sessionIssuer", {{"type", "Role"}, {"arn", role}}}}}};
}

std::string given_text(const Json& call, const char* name) {
    const std::string* found = string_member(call, name);
    return found == nullptr ? std::string() : *found;
}

/// No message and no signature: AWS leaves them out, too.
Json record_of(const ServiceCall& call, const std::string& key) {
    const auto arn = aws::parse_key_arn(key);
    Json record = {
        {"eventVersion", "1.11"},
        {"userIdentity", identity()},
        {"eventTime", rfc3339(call.at).substr(0, 19) + "Z"},
        {"eventSource", "kms.amazonaws.com"},
        {"eventName", call.operation},
        {"awsRegion", arn ? arn->region : "us-east-1"},
        {"sourceIPAddress", "127.0.0.1"},
        {"userAgent", "-"},
        {"requestParameters", {{"keyId", given_text(call.parameters, "KeyId")}}},
        {"responseElements", nullptr},
        {"requestID", call.request_id},
        {"eventID", make_uuid()},
        {"readOnly", true},
        {"resources", {{{"accountId", account}, {"type", "AWS::KMS::Key"}, {"ARN", key}}}},
        {"eventType", "AwsApiCall"},
        {"managementEvent", true},
        {"recipientAccountId", account},
        {"eventCategory", "Management"}};
    if (call.operation == "Sign") {
        record["requestParameters"]["messageType"] = given_text(call.parameters, "MessageType");
        record["requestParameters"]["signingAlgorithm"] =
            given_text(call.parameters, "SigningAlgorithm");
    }
    for (const auto& [name, shown] : {std::pair("EncryptionContext", "encryptionContext"),
                                      std::pair("EncryptionAlgorithm", "encryptionAlgorithm")}) {
        const Json* given = member(call.parameters, name);
        if (given != nullptr) record["requestParameters"][shown] = *given;
    }
    if (!call.error.empty()) record["errorCode"] = call.error;
    return record;
}

/// The key that is asked for.
std::string wanted_key(const Json& call) {
    const Json* attributes = member(call, "LookupAttributes");
    if (attributes == nullptr || !attributes->is_array() || attributes->size() != 1 ||
        given_text(attributes->front(), "AttributeKey") != "ResourceName") {
        throw AwsException{.type = "InvalidLookupAttributesException",
                           .message = "this stand-in knows ResourceName only"};
    }
    return given_text(attributes->front(), "AttributeValue");
}

/// Seconds since 1970, as the JSON protocol has times.
double seconds(const Json& call, const char* name, double absent) {
    const Json* value = member(call, name);
    if (value == nullptr) return absent;
    if (!value->is_number()) {
        throw AwsException{.type = "InvalidTimeRangeException",
                           .message = std::string(name) + " is not a time"};
    }
    return value->get<double>();
}

/// The number of the first event that the page before did not have.
std::uint64_t last_number(const Json& call) {
    const std::string* token = string_member(call, "NextToken");
    if (token == nullptr) return std::numeric_limits<std::uint64_t>::max();
    std::uint64_t number = 0;
    const char* end = token->data() + token->size();
    if (const auto [at, error] = std::from_chars(token->data(), end, number);
        error != std::errc{} || at != end) {
        throw AwsException{.type = "InvalidNextTokenException",
                           .message = "this is not a token of this call"};
    }
    return number;
}

}  // namespace

void Trail::add(const ServiceCall& call, const std::string& key) {
    const std::scoped_lock lock(mutex_);
    events_.push_back(
        {.number = count_++, .at = call.at, .key = key, .told = record_of(call, key)});
    if (events_.size() > capacity) events_.pop_front();
}

Json Trail::lookup_events(const Json& call) const {
    const std::string key = wanted_key(call);
    const double first = seconds(call, "StartTime", 0);
    const double last = seconds(call, "EndTime", std::numeric_limits<double>::max());
    const std::uint64_t from = last_number(call);
    Json events = Json::array();
    const std::scoped_lock lock(mutex_);
    for (const Event& event : events_ | std::views::reverse) {
        const auto at = static_cast<double>(unix_ms(event.at) / 1000);
        if (event.number > from || event.key != key || at + 1 < first || at > last) continue;
        if (events.size() == events_a_page) {
            return {{"Events", std::move(events)}, {"NextToken", std::to_string(event.number)}};
        }
        events.push_back({{"EventId", event.told["eventID"]},
                          {"EventName", event.told["eventName"]},
                          {"EventTime", at},
                          {"EventSource", "kms.amazonaws.com"},
                          {"CloudTrailEvent", dump(event.told)}});
    }
    return {{"Events", std::move(events)}};
}

}  // namespace redoubt::standins
