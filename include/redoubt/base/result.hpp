// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace redoubt {

/// The stable codes that a caller reads in an error trace, in `X-Redoubt-Error` and in the log.
/// Grouped by who has to act. `Internal` is zero: what nobody decided is our own bug.
enum class Code {
    Internal,
    // the caller
    BadRequest,
    BadPayload,
    AuthenticationMissing,
    AuthenticationInvalid,
    KindNotAllowed,
    UnknownRoute,
    UnknownKey,
    MethodNotAllowed,
    TooLarge,
    // refused by the watermark
    NotArmed,
    BelowWatermark,
    AlreadySigned,
    TooFarAhead,
    // upstream, may pass: the same request is safe to repeat
    KmsUnavailable,
    TableUnavailable,
    CredentialsExpired,
    Deadline,
    // upstream, stays until somebody repairs it
    KmsRefused,
    TableRefused,
    DamagedRow,
    BadSignature,
};

/// Why something was refused or failed. `message` reaches the caller, `detail` only the log (what a
/// service said); neither holds a secret, a payload or an authentication.
struct Error {
    Code code = Code::Internal;
    std::string message;
    std::string detail = {};
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::string message) {
    return std::unexpected(Error{code, std::move(message), {}});
}

/// `code` as outsiders know it, e.g. `below_watermark`.
[[nodiscard]] std::string_view name(Code code);

}  // namespace redoubt
