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
    std::uint64_t resumed = 0;    ///< of the handshakes, those that took up an older session
    std::uint64_t bytes_in = 0;   ///< on the wire, TLS included
    std::uint64_t bytes_out = 0;  ///< likewise
    std::uint64_t opening = 0;    ///< connections whose handshake is not counted yet
};

/// How connections end without anybody asking.
enum class Ending {
    Closed,   ///< as a server does with idle ones
    Deserted  ///< nobody is there any more, and nobody says so
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
    /// Ends the connections that are open now.
    void end_connections(Ending how);

    [[nodiscard]] int port() const;
    [[nodiscard]] ServerCounts counts() const;

private:
    class Listener;
    std::unique_ptr<Listener> listener_;
};

}  // namespace redoubt::standins
