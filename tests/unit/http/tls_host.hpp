// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace redoubt::test {

/// A TLS server of this machine that answers each request with 200 and `{}`, whoever asks, and
/// counts what it hears.
class TlsHost {
public:
    /// `tls` outlives it. `port` 0: any.
    explicit TlsHost(SSL_CTX* tls, std::uint16_t port = 0);
    TlsHost(const TlsHost&) = delete;
    TlsHost& operator=(const TlsHost&) = delete;
    /// Closes all connections, as a server does with idle ones.
    ~TlsHost();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string origin() const {
        return "https://localhost:" + std::to_string(port_);
    }

    [[nodiscard]] int connections() const { return connections_; }
    /// Of these, those whose client offered to take up an older session of TLS 1.3. (One of 1.2 is
    /// offered by its number, which looks as that of a new one does.)
    [[nodiscard]] int offers() const { return offers_; }
    /// Those that took one up, of either version.
    [[nodiscard]] int resumed() const { return resumed_; }
    /// How many bytes of requests came, whole or not.
    [[nodiscard]] std::size_t heard() const { return heard_; }

private:
    void serve(int socket);
    void converse(SSL* ssl);
    static int on_hello(SSL* ssl, int* alert, void* self);

    SSL_CTX* tls_;
    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::atomic<int> offers_ = 0;
    std::atomic<int> resumed_ = 0;
    std::atomic<std::size_t> heard_ = 0;
    std::mutex mutex_;
    bool is_ending_ = false;
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace redoubt::test
