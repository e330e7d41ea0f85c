// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace redoubt {

/// The stable codes that a caller reads in an answer, in `X-Redoubt-Error` and in the log. What is
/// known of each is in one table, in error.cpp; each API maps them to its own statuses. `Internal`
/// is zero: what nobody decided is our own bug.
enum class Code : std::uint8_t {
    Internal,
    // the request
    BadRequest,
    BadPayload,
    AuthenticationMissing,
    AuthenticationInvalid,
    KindNotAllowed,
    UnknownRoute,
    UnknownKey,
    MethodNotAllowed,
    TooLarge,
    // the watermark
    NotArmed,
    BelowWatermark,
    AlreadySigned,
    HandedOver,
    TooFarAhead,
    // upstream, may pass
    KmsUnavailable,
    TableUnavailable,
    CredentialsExpired,
    Deadline,
    WrapUnavailable,
    // upstream, stays
    KmsRefused,
    TableRefused,
    DamagedRow,
    BadSignature,
    WrapRefused,
    DamagedKey,
    // of Ethereum alone
    UnknownType,
    RootMismatch,
    WrongNetwork,
    TokenMissing,
    TokenInvalid,
    NotPermitted,
    KeyDisabled,
    PastUntil,
};

/// Who has to act, and how.
enum class Actor : std::uint8_t {
    Developer,        // mends our bug
    Caller,           // corrects the request
    CallerRepeats,    // sends the same request again, which is safe
    Nobody,           // it was refused to keep the key from being slashed
    OperatorArms,     // or raises, after reading what level to give
    OperatorRepairs,  // what is wrong upstream
};

/// The severities that Lambda filters by.
enum class Severity : std::uint8_t { Info, Warn, Error };

struct ErrorInfo {
    std::string_view name;  // as outsiders know it, e.g. `below_watermark`
    Actor actor;
    Severity severity;  // of the log line
};
[[nodiscard]] ErrorInfo info(Code code);

[[nodiscard]] std::string_view name(Code code);

/// Whether a service or this program failed, rather than that a request was refused.
[[nodiscard]] bool is_failure(Code code);

/// Why something was refused or failed. `message` reaches the caller, `detail` only the log (what a
/// service said); neither holds a secret, a payload or an authentication.
struct Error {
    Code code = Code::Internal;
    std::string message;
    std::string detail = {};
};

}  // namespace redoubt
