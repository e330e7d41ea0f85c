// SPDX-License-Identifier: Apache-2.0
#include "log/request_line.hpp"

#include "log/line.hpp"

namespace redoubt::bootstrap {
namespace {

/// `Root=1-<8 hexadecimal>-<24 hexadecimal>`, as X-Ray makes it. Nothing else: what a caller puts
/// into X-Amzn-Trace-Id gets here, too.
std::string_view trace_root(std::string_view trace_id) {
    constexpr std::string_view form = "Root=1-########-########################";
    if (trace_id.size() < form.size()) return {};
    for (std::size_t i = 0; i < form.size(); ++i) {
        const char c = trace_id[i];
        const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (form[i] == '#' ? !is_hex : c != form[i]) return {};
    }
    return trace_id.substr(0, form.size());
}

}  // namespace

RequestLog::RequestLog(const Clock& clock, const std::string& function,
                       std::span<const Metric> metrics)
    : clock_(clock) {
    if (function.empty()) return;
    dimension_ = R"("function":)" + dump(Json(function)) + ",";
    for (const auto& [name, unit] : metrics) {
        metrics_.push_back({name, dump({{"Name", name}, {"Unit", unit}}) + ","});
    }
}

std::string RequestLog::line(const lambda::Invocation& invocation, LogFields fields,
                             const std::optional<Error>& error, SteadyTime::duration spent,
                             bool cold) const {
    fields.add("requestId", invocation.request_id)
        .add("traceId", trace_root(invocation.trace_id))
        .add_ms("ms", spent)
        .add_flag("cold", cold)
        .add_number("cold_starts", int{cold})
        .add_number("errors", int{error && is_failure(error->code)})
        .add("verdict", error ? name(error->code) : "ok");
    if (error && !error->detail.empty()) fields.add("detail", error->detail);
    const std::string metadata = directive(fields);
    std::string line = log_line(clock_, error ? info(error->code).severity : Severity::Info,
                                error ? error->message : "answered", std::move(fields));
    line.insert(1, metadata);
    return line;
}

/// The members that CloudWatch looks for, to stand before the others:
/// `"_aws":{...},"function":...,` A metric is declared if it is a member.
std::string RequestLog::directive(const LogFields& fields) const {
    if (metrics_.empty()) return {};
    std::string text = R"("_aws":{"Timestamp":)" + std::to_string(unix_ms(clock_.wall())) +
                       R"(,"CloudWatchMetrics":[{"Namespace":"Redoubt",)"
                       R"("Dimensions":[["function"]],"Metrics":[)";
    for (const Declared& metric : metrics_) {
        if (fields.has(metric.name)) text += metric.declaration;
    }
    text.back() = ']';  // `ms` is always there
    return text + "}]}," + dimension_;
}

}  // namespace redoubt::bootstrap
