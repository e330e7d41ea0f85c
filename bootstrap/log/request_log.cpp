// SPDX-License-Identifier: Apache-2.0
#include "log/request_log.hpp"

#include <algorithm>
#include <array>

#include <redoubt/tezos/http_api.hpp>

#include "log/line.hpp"

namespace redoubt::bootstrap {
namespace {

constexpr int internal_server_error = 500;
/// A caller's X-Amzn-Trace-Id gets here; what X-Ray itself makes is shorter.
constexpr std::size_t longest_trace_id = 200;

struct Metric {
    std::string_view name;
    std::string_view unit;
};

/// Each is a custom metric that CloudWatch charges for, once a function.
constexpr std::array<Metric, 15> metrics = {{
    {"ms", "Milliseconds"},
    {"cold_starts", "Count"},
    {"errors", "Count"},
    {"authentication_ms", "Milliseconds"},
    {"kms_ms", "Milliseconds"},
    {"table_ms", "Milliseconds"},
    {"votes", "Count"},
    {"blocks", "Count"},
    {"sign_attempts", "Count"},
    {"retries", "Count"},
    {"throttles", "Count"},
    {"upstream_errors", "Count"},
    {"conflicts", "Count"},
    {"watermark_refusals", "Count"},
    {"ahead_ms", "Milliseconds"},
}};

bool is_refusal_by_the_watermark(Code code) {
    return code == Code::NotArmed || code == Code::BelowWatermark || code == Code::AlreadySigned ||
           code == Code::TooFarAhead;
}

int beyond_one(const http::CallStats& stats) { return std::max(stats.calls - 1, 0); }

/// Of a request that may be signed: who asked was told from others.
void add_signing(Json& members, const tezos::RequestTrace& trace,
                 const std::optional<Error>& error) {
    const http::CallStats& kms = trace.kms;
    const http::CallStats& table = trace.table;
    const bool is_block = trace.message && trace.message->kind == tezos::ConsensusKind::Block;
    members["authentication_ms"] = log_ms(*trace.authentication);
    members["kms_ms"] = log_ms(kms.spent);
    members["table_ms"] = log_ms(table.spent);
    members["votes"] = int{!error && !is_block};
    members["blocks"] = int{!error && is_block};
    members["sign_attempts"] = kms.calls;
    members["table_calls"] = table.calls;
    members["retries"] = beyond_one(kms) + beyond_one(table);
    members["throttles"] = kms.throttles + table.throttles;
    members["upstream_errors"] = kms.failures.size() + table.failures.size();
    members["conflicts"] = int{error && error->code == Code::AlreadySigned};
    members["watermark_refusals"] = int{error && is_refusal_by_the_watermark(error->code)};
    if (trace.ahead) members["ahead_ms"] = trace.ahead->count();
    for (const http::CallStats* stats : {&kms, &table}) {
        for (const std::string& code : stats->failures) members["upstream_codes"].push_back(code);
    }
}

}  // namespace

Json members_of(const tezos::RequestTrace& trace, int status, const std::optional<Error>& error) {
    Json members = {{"route", trace.route}, {"status", status}};
    if (!trace.address.empty()) members["pkh"] = trace.address;
    if (trace.message) {
        members["kind"] = tezos::name(trace.message->kind);
        members["chain"] = tezos::to_text(trace.message->chain);
        members["block_level"] = trace.message->at.level.value();
        members["round"] = trace.message->at.round.value();
    }
    if (trace.authentication) add_signing(members, trace, error);
    return members;
}

RequestLog::RequestLog(const Clock& clock, const std::string& function) : clock_(clock) {
    if (function.empty()) return;
    dimension_ = R"("function":)" + dump(Json(function)) + ",";
    for (const auto& [name, unit] : metrics) {
        declarations_.push_back(dump({{"Name", name}, {"Unit", unit}}));
    }
}

std::string RequestLog::line(const lambda::Invocation& invocation, const Outcome& outcome,
                             SteadyTime::duration spent, bool cold) const {
    const auto& error = outcome.error;
    Json members = outcome.log_fields ? outcome.log_fields() : Json::object();
    members["requestId"] = invocation.request_id;
    members["traceId"] = invocation.trace_id.substr(0, longest_trace_id);
    members["ms"] = log_ms(spent);
    members["cold"] = cold;
    members["cold_starts"] = int{cold};
    members["errors"] = int{error && tezos::status_of(error->code) >= internal_server_error};
    members["verdict"] = error ? name(error->code) : "ok";
    if (error && !error->detail.empty()) members["detail"] = error->detail;
    const std::string metadata = directive(members);
    std::string line = log_line(clock_, error ? severity_of(error->code) : Severity::Info,
                                error ? error->message : "answered", std::move(members));
    // Much cheaper than as JSON values, of which there would be fifty.
    line.insert(1, metadata);
    return line;
}

/// The members that CloudWatch looks for, to stand before the others:
/// `"_aws":{...},"function":...,` A metric is declared if it is a member.
std::string RequestLog::directive(const Json& members) const {
    if (declarations_.empty()) return {};
    std::string text = R"("_aws":{"Timestamp":)" + std::to_string(unix_ms(clock_.wall())) +
                       R"(,"CloudWatchMetrics":[{"Namespace":"Redoubt",)"
                       R"("Dimensions":[["function"]],"Metrics":[)";
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        if (members.contains(metrics.at(i).name)) text += declarations_[i] + ",";
    }
    text.back() = ']';  // `ms` is always there
    return text + "}]}," + dimension_;
}

}  // namespace redoubt::bootstrap
