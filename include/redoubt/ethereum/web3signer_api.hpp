// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/ethereum/sign.hpp>
#include <redoubt/http/message.hpp>

namespace redoubt::ethereum {

/// Who lets callers in, by what the table says.
struct Doors {
    std::function<Result<access::Caller>(const access::PresentedToken&, SteadyTime)> by_token;
    /// Empty: roles of IAM are not asked for, and tokens are. Else roles alone are let in.
    std::function<Result<access::Caller>(const access::RoleArn&, SteadyTime)> by_role;
};

/// What the log may know of a request: neither its path, which may hold a token, nor its body.
struct RequestTrace {
    std::string route;   // e.g. "POST /api/v1/eth2/sign"
    std::string caller;  // `token <id>` or a role, as they were given, whether let in or not
    std::string key;     // the one asked to sign
    SigningTrace signing;
};

/// What a request comes to, and the error behind it if it is a refusal.
struct ApiResponse {
    http::Response response;
    std::optional<Error> error;
    RequestTrace trace;
};

/// The part of Web3Signer's ETH2 API that validator clients use, behind tokens. Source: web3signer
/// Eth2Runner.java and its routes (3522fc8).
class Web3SignerApi {
public:
    Web3SignerApi(SignRules rules, Ports ports, Doors doors)
        : rules_(std::move(rules)), ports_(std::move(ports)), doors_(std::move(doors)) {}

    /// Never fails: a refusal is a response, too.
    [[nodiscard]] ApiResponse respond(const http::Request& request, SteadyTime deadline) const;

private:
    using Parts = std::vector<std::string_view>;  // of a path

    struct Asked {
        const http::Request& request;
        const access::Caller& caller;
        SteadyTime deadline;
    };
    struct Admitted {
        access::Caller caller;
        std::string_view path;  // without the token
    };
    struct Route;

    [[nodiscard]] Result<Admitted> admit(const http::Request& request, std::string_view path,
                                         SteadyTime deadline, RequestTrace& trace) const;
    [[nodiscard]] Result<http::Response> route(const Asked& asked, const Parts& parts,
                                               RequestTrace& trace) const;
    [[nodiscard]] Result<http::Response> post_sign(const Asked& asked, std::string_view identifier,
                                                   RequestTrace& trace) const;
    [[nodiscard]] Result<http::Response> get_public_keys(const Asked& asked) const;
    [[nodiscard]] Result<http::Response> get_health(const Asked& asked) const;

    SignRules rules_;
    Ports ports_;
    Doors doors_;
};

/// The HTTP status of a code.
[[nodiscard]] int status_of(Code code);

/// `{"error":{"id","msg"}}`, with the code also in `X-Redoubt-Error`.
[[nodiscard]] http::Response error_response(const Error& error);

}  // namespace redoubt::ethereum
