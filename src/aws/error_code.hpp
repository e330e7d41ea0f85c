// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <redoubt/aws/credentials.hpp>
#include <redoubt/base/json.hpp>
#include <redoubt/http/message.hpp>

/// What an error answer of AWS's JSON protocols says: its code, what helps, and which of its words
/// may be kept.
namespace redoubt::aws {

enum class Remedy {
    Pause,             // fewer calls: throttled
    Repetition,        // it may pass by itself
    FreshCredentials,  // ours are none, or no longer
    None               // the operator's work, unless the answer itself was a slip
};

/// `Code` of `[namespace#]Code[:uri]`, in the first place that has one: the header
/// `x-amzn-errortype`, the body's `code`, its `__type`. Empty if there is none, or none that may be
/// logged. `body` may be anything.
[[nodiscard]] std::string error_code(const http::Response& response, const Json& body,
                                     const Credentials& credentials);

[[nodiscard]] Remedy remedy_of(std::string_view code, int status);

/// What may be logged of a service's message: its first line, unless any of it repeats our
/// credentials or a signed request, as services do to a signature that does not hold.
[[nodiscard]] std::string message_for_log(const Json& body, const Credentials& credentials);

/// Whether a text holds a part of our credentials, or of a request as it is signed.
[[nodiscard]] bool repeats_request(std::string_view text, const Credentials& credentials);

}  // namespace redoubt::aws
