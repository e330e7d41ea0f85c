// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server.hpp"
#include "world.hpp"

namespace redoubt::standins {

/// An HTTP interface, in JSON, that shows and changes what lies behind the local world:
///
///     GET /setup                          endpoints, credentials, keys with their secrets
///     GET /calls                          calls by service and operation, connections, handshakes
///     GET, POST /faults                   ["kms:throttle@0.5", ...]; POST replaces them all
///     GET, PUT, DELETE /rows              the table; PUT takes an item, DELETE ?pkh=&scope=
///     GET /environments                   processes and what they do
///     POST /environments/kill             {"pid": n}
///     GET /log?function=redoubt-signer    what the function's processes wrote
///     POST /clock                         {"offset_ms": n} shifts the stand-ins' clock
class Control {
public:
    /// `world` outlives it.
    Control(int port, World& world);

    [[nodiscard]] std::string url() const;

private:
    HttpResponse handle(const HttpRequest& request);

    World& world_;
    Server server_;
};

}  // namespace redoubt::standins
