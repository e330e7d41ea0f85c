// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/http/message.hpp>
#include <redoubt/tezos/sign.hpp>

namespace redoubt::tezos {

struct ApiSettings {
    Keys consensus_keys;
    Keys authorized_keys;
    std::vector<std::string> base_path;  // its parts, none empty
    bool known_keys = false;             // whether GET /known_keys answers
    bool prove_possession = false;       // whether GET /bls_prove_possession answers
};

/// What a request comes to, and the error behind it if it is a refusal.
struct ApiResponse {
    http::Response response;
    std::optional<Error> error;
    RequestTrace trace;
};

/// The Octez remote-signer surface (octez src/lib_signer_services/signer_services.ml).
class RemoteSignerApi {
public:
    /// `ensure_connections` is called before a GET that precedes a signature is answered: it
    /// replaces connections that died meanwhile.
    RemoteSignerApi(ApiSettings settings, Ports ports,
                    std::function<void(SteadyTime)> ensure_connections);

    /// Never fails: a refusal is a response, too.
    [[nodiscard]] ApiResponse respond(const http::Request& request, SteadyTime deadline) const;

private:
    struct Routed {
        Result<Json> body;
        RequestTrace trace = {};
    };
    struct Posted {
        Result<Json> body;
        SigningTrace trace = {};
    };
    [[nodiscard]] Routed route(const http::Request& request, SteadyTime deadline) const;
    [[nodiscard]] std::optional<std::vector<std::string_view>> parts_below_base(
        std::string_view path) const;
    [[nodiscard]] bool is_listed(std::string_view name) const;
    [[nodiscard]] Routed get_listed(const http::Request& request, std::string_view name,
                                    SteadyTime deadline) const;
    [[nodiscard]] Routed on_key(const http::Request& request, std::string_view address,
                                SteadyTime deadline) const;
    [[nodiscard]] Result<Json> get_key(const http::Request& request, const KeyInfo& key,
                                       SteadyTime deadline) const;
    [[nodiscard]] Posted post_key(const http::Request& request, const KeyInfo& key,
                                  SteadyTime deadline) const;

    [[nodiscard]] Routed get_proof(const http::Request& request, std::string_view address) const;
    [[nodiscard]] Result<Json> prove(const http::Request& request, const KeyInfo& key) const;

    ApiSettings settings_;
    Ports ports_;
    std::function<void(SteadyTime)> ensure_connections_;
};

/// The HTTP status of a code.
[[nodiscard]] int status_of(Code code);

/// The error trace that octez-client decodes and prints, with the code also in `X-Redoubt-Error`.
[[nodiscard]] http::Response error_response(const Error& error);

}  // namespace redoubt::tezos
