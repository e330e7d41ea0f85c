// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/error.hpp>

#include <array>
#include <cstddef>

namespace redoubt {
namespace {

/// In the order of the codes.
constexpr std::array errors = {
    ErrorInfo{Code::Internal, "internal", Actor::Developer, Severity::Error},
    ErrorInfo{Code::BadRequest, "bad_request", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::BadPayload, "bad_payload", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::AuthenticationMissing, "authentication_missing", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::AuthenticationInvalid, "authentication_invalid", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::KindNotAllowed, "kind_not_allowed", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::UnknownRoute, "unknown_route", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::UnknownKey, "unknown_key", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::MethodNotAllowed, "method_not_allowed", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::TooLarge, "too_large", Actor::Caller, Severity::Warn},
    ErrorInfo{Code::NotArmed, "not_armed", Actor::OperatorArms, Severity::Error},
    ErrorInfo{Code::BelowWatermark, "below_watermark", Actor::Nobody, Severity::Warn},
    ErrorInfo{Code::AlreadySigned, "already_signed", Actor::Nobody, Severity::Warn},
    ErrorInfo{Code::TooFarAhead, "too_far_ahead", Actor::OperatorArms, Severity::Error},
    ErrorInfo{Code::KmsUnavailable, "kms_unavailable", Actor::CallerRepeats, Severity::Warn},
    ErrorInfo{Code::TableUnavailable, "table_unavailable", Actor::CallerRepeats, Severity::Warn},
    ErrorInfo{Code::CredentialsExpired, "credentials_expired", Actor::CallerRepeats,
              Severity::Warn},
    ErrorInfo{Code::Deadline, "deadline", Actor::CallerRepeats, Severity::Warn},
    ErrorInfo{Code::KmsRefused, "kms_refused", Actor::OperatorRepairs, Severity::Error},
    ErrorInfo{Code::TableRefused, "table_refused", Actor::OperatorRepairs, Severity::Error},
    ErrorInfo{Code::DamagedRow, "damaged_row", Actor::OperatorRepairs, Severity::Error},
    ErrorInfo{Code::BadSignature, "bad_signature", Actor::OperatorRepairs, Severity::Error},
};

consteval bool is_in_order() {
    for (std::size_t i = 0; i < errors.size(); ++i) {
        if (static_cast<std::size_t>(errors.at(i).code) != i) return false;
    }
    return errors.back().code == Code::BadSignature;  // the last one
}
static_assert(is_in_order(), "each code has its row, at its own place");

}  // namespace

const ErrorInfo& info(Code code) {
    const auto index = static_cast<std::size_t>(code);
    return index < errors.size() ? errors.at(index) : errors.front();
}

std::string_view name(Code code) { return info(code).name; }

bool is_failure(Code code) {
    switch (info(code).actor) {
        case Actor::Developer:
        case Actor::CallerRepeats:
        case Actor::OperatorRepairs: return true;
        case Actor::Caller:
        case Actor::Nobody:
        case Actor::OperatorArms: return false;
    }
    return true;
}

}  // namespace redoubt
