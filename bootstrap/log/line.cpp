// SPDX-License-Identifier: Apache-2.0
#include "log/line.hpp"

#include <cmath>
#include <cstdio>

namespace redoubt::bootstrap {
namespace {

std::string_view name(Severity severity) {
    switch (severity) {
        case Severity::Info: return "INFO";
        case Severity::Warn: return "WARN";
        case Severity::Error: return "ERROR";
    }
    return "ERROR";
}

}  // namespace

std::string log_line(const Clock& clock, Severity severity, std::string_view message, Json fields) {
    fields["timestamp"] = rfc3339(clock.wall());
    fields["level"] = name(severity);
    fields["message"] = message;
    return dump(fields) + "\n";
}

void write_log(std::string_view line) {
    // A log that cannot be written must not stop a signature.
    static_cast<void>(std::fwrite(line.data(), 1, line.size(), stdout));
    static_cast<void>(std::fflush(stdout));
}

void log(const Clock& clock, Severity severity, std::string_view message, Json fields) {
    write_log(log_line(clock, severity, message, std::move(fields)));
}

double log_ms(std::chrono::duration<double, std::milli> spent) {
    return std::round(spent.count() * 1000.0) / 1000.0;
}

}  // namespace redoubt::bootstrap
