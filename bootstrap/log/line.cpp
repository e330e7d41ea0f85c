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

Severity severity_of(Code code) {
    switch (code) {
        case Code::BadRequest:
        case Code::BadPayload:
        case Code::AuthenticationMissing:
        case Code::AuthenticationInvalid:
        case Code::KindNotAllowed:
        case Code::UnknownRoute:
        case Code::UnknownKey:
        case Code::MethodNotAllowed:
        case Code::TooLarge:
        case Code::BelowWatermark:
        case Code::AlreadySigned:
        case Code::KmsUnavailable:
        case Code::TableUnavailable:
        case Code::CredentialsExpired:
        case Code::Deadline: return Severity::Warn;
        case Code::NotArmed:
        case Code::TooFarAhead:
        case Code::KmsRefused:
        case Code::TableRefused:
        case Code::DamagedRow:
        case Code::BadSignature:
        case Code::Internal: return Severity::Error;
    }
    return Severity::Error;
}

}  // namespace redoubt::bootstrap
