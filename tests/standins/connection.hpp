// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <httplib.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include <redoubt/base/handle.hpp>

#include "message.hpp"

namespace redoubt::standins {

/// One accepted TCP connection, plain or TLS, as httplib reads and writes it. What httplib writes
/// is held until `deliver`, so an answer leaves in one piece (or, as a fault, in half a piece).
class Connection final : public httplib::Stream {
public:
    /// Takes over `socket`. `tls` null: plain. `number` identifies the connection.
    Connection(int socket, SSL_CTX* tls, int number);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() override;

    /// The TLS handshake; true at once without TLS.
    [[nodiscard]] bool handshake();
    /// Blocks until a request begins; false when the peer has closed. Notes the time.
    [[nodiscard]] bool await_request();
    /// Sends what was written, as `delivery` says; false if the connection is done.
    [[nodiscard]] bool deliver();
    /// Makes every blocked read and write end. From any thread.
    void interrupt() const;
    /// From now on nobody reads what comes. From any thread.
    void desert() { deserted_ = true; }

    /// What went over the wire since it was last asked for, TLS included; plain connections don't
    /// count.
    struct Traffic {
        std::uint64_t in = 0;
        std::uint64_t out = 0;
    };
    [[nodiscard]] Traffic take_traffic();
    /// Whether the TLS session is an older connection's.
    [[nodiscard]] bool is_resumed() const;

    [[nodiscard]] SteadyTime arrived() const { return arrived_; }

    HttpRequest request;  ///< The one being served.
    Delivery delivery = Delivery::Whole;
    std::function<void()> hold;  ///< See HttpResponse.

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return socket_; }

private:
    void await_bytes();
    bool fill();
    bool prepare(std::string_view bytes);
    bool send_prepared();
    bool desert_peer();
    void reset_on_close() const;

    int socket_;
    int number_;
    Handle<SSL, SSL_free> ssl_;
    std::string in_;
    std::size_t consumed_ = 0;
    std::string out_;
    std::string prepared_;    // as it goes over the wire
    std::uint64_t sent_ = 0;  // of that, after the handshake
    SteadyTime arrived_{};
    bool healthy_ = true;
    std::atomic<bool> deserted_ = false;
    Traffic counted_;
};

}  // namespace redoubt::standins
