// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <redoubt/base/json.hpp>
#include <redoubt/http/exchange.hpp>

/// Calls and answers as AWS's JSON protocol has them.
namespace redoubt::test {

/// `Sat, 21 Nov 2026 10:00:00 GMT`
[[nodiscard]] std::string http_date(WallTime time);

/// As a service answers: with its time and the checksum of its body.
[[nodiscard]] http::Response aws_answer(int status, const Json& body, WallTime date);
[[nodiscard]] http::Response aws_error(int status, const std::string& code, WallTime date,
                                       const Json& more = Json::object());

[[nodiscard]] inline http::ResponseOrError lost(http::TransportFailure why) {
    return std::unexpected(http::TransportError{why});
}

/// The body of a call as JSON; throws if it is none.
[[nodiscard]] Json body_of(const http::ClientRequest& call);
/// The first value of a header, whatever the case of its name; empty if there is none.
[[nodiscard]] std::string header_of(const http::ClientRequest& call, std::string_view name);

}  // namespace redoubt::test
