// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/result.hpp>

namespace redoubt {

std::string_view name(Code code) {
    switch (code) {
        case Code::Internal: return "internal";
        case Code::BadRequest: return "bad_request";
        case Code::BadPayload: return "bad_payload";
        case Code::AuthenticationMissing: return "authentication_missing";
        case Code::AuthenticationInvalid: return "authentication_invalid";
        case Code::KindNotAllowed: return "kind_not_allowed";
        case Code::UnknownRoute: return "unknown_route";
        case Code::UnknownKey: return "unknown_key";
        case Code::MethodNotAllowed: return "method_not_allowed";
        case Code::TooLarge: return "too_large";
        case Code::NotArmed: return "not_armed";
        case Code::BelowWatermark: return "below_watermark";
        case Code::AlreadySigned: return "already_signed";
        case Code::TooFarAhead: return "too_far_ahead";
        case Code::KmsUnavailable: return "kms_unavailable";
        case Code::TableUnavailable: return "table_unavailable";
        case Code::CredentialsExpired: return "credentials_expired";
        case Code::Deadline: return "deadline";
        case Code::KmsRefused: return "kms_refused";
        case Code::TableRefused: return "table_refused";
        case Code::DamagedRow: return "damaged_row";
        case Code::BadSignature: return "bad_signature";
    }
    return "internal";
}

}  // namespace redoubt
