// SPDX-License-Identifier: Apache-2.0
#include "log/line.hpp"

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

std::string log_line(const Clock& clock, Severity severity, std::string_view message,
                     LogFields fields) {
    fields.add("timestamp", rfc3339(clock.wall()))
        .add("level", name(severity))
        .add("message", message);
    return fields.text() + "\n";
}

void write_log(std::string_view line) {
    // A log that cannot be written must not stop a signature.
    static_cast<void>(std::fwrite(line.data(), 1, line.size(), stdout));
    static_cast<void>(std::fflush(stdout));
}

void log(const Clock& clock, Severity severity, std::string_view message, LogFields fields) {
    write_log(log_line(clock, severity, message, std::move(fields)));
}

}  // namespace redoubt::bootstrap
