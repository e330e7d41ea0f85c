// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>

#include "message.hpp"

namespace redoubt::standins {

/// What a server has seen since its start.
struct ServerCounts {
    std::uint64_t connections = 0;
    std::uint64_t handshakes = 0;
};

/// An HTTP/1.1 server on 127.0.0.1, one thread a connection (up to `threads`), plain or TLS.
class Server {
public:
    struct Settings {
        int port = 0;  ///< 0: any
        SSL_CTX* tls = nullptr;
        std::size_t threads = 64;
    };

    /// Listens on return. Throws std::runtime_error if the port cannot be had.
    Server(Settings settings, HttpHandler handler);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    /// Closes everything and waits for the handlers, which must have been told to end.
    void stop();

    [[nodiscard]] int port() const;
    [[nodiscard]] ServerCounts counts() const;

private:
    class Listener;
    std::unique_ptr<Listener> listener_;
};

}  // namespace redoubt::standins
