// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/error.hpp>

namespace redoubt {

/// The error table: name, who acts, severity. A switch, so that no code can lack its row.
ErrorInfo info(Code code) {
    switch (code) {
        case Code::Internal: return {"internal", Actor::Developer, Severity::Error};
        case Code::BadRequest: return {"bad_request", Actor::Caller, Severity::Warn};
        case Code::BadPayload: return {"bad_payload", Actor::Caller, Severity::Warn};
        case Code::AuthenticationMissing:
            return {"authentication_missing", Actor::Caller, Severity::Warn};
        case Code::AuthenticationInvalid:
            return {"authentication_invalid", Actor::Caller, Severity::Warn};
        case Code::KindNotAllowed: return {"kind_not_allowed", Actor::Caller, Severity::Warn};
        case Code::UnknownRoute: return {"unknown_route", Actor::Caller, Severity::Warn};
        case Code::UnknownKey: return {"unknown_key", Actor::Caller, Severity::Warn};
        case Code::MethodNotAllowed: return {"method_not_allowed", Actor::Caller, Severity::Warn};
        case Code::TooLarge: return {"too_large", Actor::Caller, Severity::Warn};
        case Code::NotArmed: return {"not_armed", Actor::OperatorArms, Severity::Error};
        case Code::BelowWatermark: return {"below_watermark", Actor::Nobody, Severity::Warn};
        case Code::AlreadySigned: return {"already_signed", Actor::Nobody, Severity::Warn};
        case Code::HandedOver: return {"handed_over", Actor::Nobody, Severity::Warn};
        case Code::TooFarAhead: return {"too_far_ahead", Actor::OperatorArms, Severity::Error};
        case Code::KmsUnavailable: return {"kms_unavailable", Actor::CallerRepeats, Severity::Warn};
        case Code::TableUnavailable:
            return {"table_unavailable", Actor::CallerRepeats, Severity::Warn};
        case Code::CredentialsExpired:
            return {"credentials_expired", Actor::CallerRepeats, Severity::Warn};
        case Code::Deadline: return {"deadline", Actor::CallerRepeats, Severity::Warn};
        case Code::WrapUnavailable:
            return {"wrap_unavailable", Actor::CallerRepeats, Severity::Warn};
        case Code::KmsRefused: return {"kms_refused", Actor::OperatorRepairs, Severity::Error};
        case Code::TableRefused: return {"table_refused", Actor::OperatorRepairs, Severity::Error};
        case Code::DamagedRow: return {"damaged_row", Actor::OperatorRepairs, Severity::Error};
        case Code::BadSignature: return {"bad_signature", Actor::OperatorRepairs, Severity::Error};
        case Code::WrapRefused: return {"wrap_refused", Actor::OperatorRepairs, Severity::Error};
        case Code::DamagedKey: return {"damaged_key", Actor::OperatorRepairs, Severity::Error};
        case Code::UnknownType: return {"unknown_type", Actor::Caller, Severity::Warn};
        case Code::RootMismatch: return {"root_mismatch", Actor::Caller, Severity::Warn};
        case Code::WrongNetwork: return {"wrong_network", Actor::Caller, Severity::Warn};
        case Code::TokenMissing: return {"token_missing", Actor::Caller, Severity::Warn};
        case Code::TokenInvalid: return {"token_invalid", Actor::Caller, Severity::Warn};
        case Code::NotPermitted: return {"not_permitted", Actor::Caller, Severity::Warn};
        case Code::KeyDisabled: return {"key_disabled", Actor::Nobody, Severity::Warn};
        case Code::PastUntil: return {"past_until", Actor::Nobody, Severity::Warn};
    }
    return info(Code::Internal);
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
