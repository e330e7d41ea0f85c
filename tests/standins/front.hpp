// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "function.hpp"
#include "local_clock.hpp"
#include "server.hpp"

namespace redoubt::standins {

/// What the outside sees, on one port: the signer's Function URL; Lambda's Invoke for both
/// functions; and their logs, as CloudWatch Logs' FilterLogEvents gives them.
class Front {
public:
    /// Throws std::runtime_error if the port cannot be had. The functions outlive the front;
    /// `signer` is one of `functions`.
    Front(int port, Function& signer, std::map<std::string, Function*> functions,
          const LocalClock& clock);

    [[nodiscard]] int port() const { return server_.port(); }
    [[nodiscard]] std::string url() const;
    void stop() { server_.stop(); }

private:
    HttpResponse handle(const HttpRequest& request);
    HttpResponse call_url(const HttpRequest& request);
    HttpResponse read_log(const HttpRequest& request);
    HttpResponse invoke(const HttpRequest& request, std::string_view target);

    Function& signer_;
    std::map<std::string, Function*> functions_;
    const LocalClock& clock_;
    Server server_;
};

}  // namespace redoubt::standins
