// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/http/local_client.hpp>

/// The Lambda Runtime API by hand. Source: "Using the Lambda runtime API", AWS Lambda guide.
namespace redoubt::lambda {

/// One event to answer.
struct Invocation {
    std::string request_id;
    std::optional<std::string> invocation_id;  // echoed if it was sent
    std::string trace_id;
    std::optional<WallTime> deadline;  // when Lambda kills the function, if it says so
    std::string event;
};

/// The event in an answer to `next`. An error (internal) says that the API is broken.
[[nodiscard]] Result<Invocation> read_invocation(http::Response answer);

/// What became of an answer.
enum class Posted {
    Accepted,
    Refused,  // this one is lost, the next one may do better
    Broken,   // the environment is beyond repair: exit
};

class Runtime {
public:
    /// `api`: AWS_LAMBDA_RUNTIME_API, an address and a port.
    explicit Runtime(std::string_view api);

    /// Waits for the next event, for ever (the process may be frozen meanwhile). An error
    /// (internal) says that the API is gone or broken: exit.
    [[nodiscard]] Result<Invocation> next();
    /// `meanwhile` is done while the API takes the answer in.
    [[nodiscard]] Posted respond(const Invocation& invocation, std::string_view answer,
                                 http::LocalClient::Work meanwhile);
    /// When an answer was refused: so that the invocation ends now and not at its deadline.
    void error(const Invocation& invocation, std::string_view type, std::string_view message);
    /// Before the first `next` only. The process exits afterwards, whatever came of it.
    void init_error(std::string_view type, std::string_view message);

private:
    void report(const std::string& path, std::string_view type, std::string_view message);
    [[nodiscard]] Posted post(const std::string& path, const http::Pairs& headers,
                              std::string_view body, http::LocalClient::Work meanwhile = {});

    http::LocalClient client_;
};

}  // namespace redoubt::lambda
