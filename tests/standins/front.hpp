// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "function.hpp"
#include "kms.hpp"
#include "local_clock.hpp"
#include "server.hpp"
#include "trail.hpp"

namespace redoubt::standins {

/// What the outside sees, on one port: the signer's Function URL; Lambda's Invoke for all
/// functions; their logs, as CloudWatch Logs' FilterLogEvents gives them; what KMS was asked for,
/// as CloudTrail's LookupEvents does; and KMS' Encrypt, for who sends a secret to a function.
class Front {
public:
    struct Services {
        const LocalClock& clock;
        const Trail& trail;
        Kms& kms;
    };
    /// Throws std::runtime_error if the port cannot be had. All outlive the front;
    /// `signer` is one of `functions`.
    Front(int port, Function& signer, std::map<std::string, Function*> functions,
          Services services);

    [[nodiscard]] int port() const { return server_.port(); }
    [[nodiscard]] std::string url() const;
    void stop() { server_.stop(); }

private:
    HttpResponse handle(const HttpRequest& request);
    HttpResponse call_service(const std::string& target, const HttpRequest& request) const;
    [[nodiscard]] Json answer_call(const std::string& target, const Json& call) const;
    [[nodiscard]] Json read_log(const Json& call) const;
    HttpResponse invoke(const HttpRequest& request, std::string_view target);

    Function& signer_;
    std::map<std::string, Function*> functions_;
    Services services_;
    Server server_;
};

}  // namespace redoubt::standins
