// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <redoubt/base/result.hpp>

/// HTTP messages as plain data.
namespace redoubt::http {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A request that reached us.
struct Request {
    std::string method;
    std::string path;          // decoded
    Result<Pairs> query;       // decoded, in order, repeated names kept; bad_request if unreadable
    Result<std::string> body;  // bad_request or too_large if unreadable
    /// What a front may have put before the path on its own account, as `/prod`, and is in it: an
    /// API's stage, or the base path of a domain. Nobody can tell whether it is to be there.
    std::string prefix = {};
    /// Of its headers those that some API reads; empty if they are not there. Several values are
    /// one, with commas between them.
    std::string accept = {};
    std::string authorization = {};
    /// The ARN of the AWS principal that signed it, if a front has verified that; or empty.
    std::string caller = {};
};

/// The parts of a path between its slashes. Empty ones are left out, as servers do.
[[nodiscard]] std::vector<std::string_view> path_parts(std::string_view path);

/// An answer, ours or a service's. Header names of a service's answer are lower-case.
struct Response {
    int status = 0;
    Pairs headers;
    std::string body;
};

/// The first value of `name` (lower-case), or empty.
[[nodiscard]] std::string_view header(const Response& response, std::string_view name);

/// A request that we make. Its headers name the host, and not the body's length.
struct ClientRequest {
    std::string method;
    std::string origin;  // `https://host[:port]`
    std::string path;
    Pairs headers;
    std::string body;
};

/// What `headers` take as text, with their line ends.
[[nodiscard]] std::size_t text_size(const Pairs& headers);

/// As it goes over the wire (RFC 9112, section 3). `headers` as those of a ClientRequest.
[[nodiscard]] std::string request_text(std::string_view method, std::string_view path,
                                       const Pairs& headers, std::string_view body);

}  // namespace redoubt::http
