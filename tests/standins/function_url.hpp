// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "function.hpp"
#include "local_clock.hpp"
#include "message.hpp"
#include "server.hpp"

namespace redoubt::standins {

/// What a function's URL makes of a request.
[[nodiscard]] HttpResponse call_url(Function& function, const LocalClock& clock,
                                    const HttpRequest& request);

/// A port of its own for a function's URL. Both outlive it.
class FunctionUrl {
public:
    FunctionUrl(Function& function, const LocalClock& clock)
        : server_({}, [&function, &clock](const HttpRequest& request) {
              return call_url(function, clock, request);
          }) {}

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_.port());
    }
    void stop() { server_.stop(); }

private:
    Server server_;
};

}  // namespace redoubt::standins
