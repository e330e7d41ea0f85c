// SPDX-License-Identifier: Apache-2.0
#include "tls_host.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include <redoubt/base/handle.hpp>

namespace redoubt::test {
TlsHost::TlsHost(SSL_CTX* tls, std::uint16_t port)
    : tls_(tls), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    EXPECT_NE(std::signal(SIGPIPE, SIG_IGN), SIG_ERR);  // clients close when they like
    SSL_CTX_set_client_hello_cb(tls_, &TlsHost::on_hello, this);
    const int on = 1;
    EXPECT_EQ(::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* where = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, where, size), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    EXPECT_EQ(::getsockname(listener_, where, &size), 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] {
        for (;;) {
            const int socket = ::accept(listener_, nullptr, nullptr);
            const std::lock_guard lock(mutex_);
            if (socket < 0 || is_ending_) return;
            ++connections_;
            sockets_.push_back(socket);
            threads_.emplace_back([this, socket] { serve(socket); });
        }
    });
}

TlsHost::~TlsHost() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
        for (const int socket : sockets_) ::shutdown(socket, SHUT_RD);
    }
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    for (const int socket : sockets_) ::close(socket);
    ::close(listener_);
    SSL_CTX_set_client_hello_cb(tls_, nullptr, nullptr);
}

int TlsHost::on_hello(SSL* ssl, int* /*alert*/, void* self) {
    const unsigned char* data = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_psk, &data, &size) == 1) {
        ++static_cast<TlsHost*>(self)->offers_;
    }
    return SSL_CLIENT_HELLO_SUCCESS;
}

void TlsHost::serve(int socket) {
    const Handle<SSL, SSL_free> ssl(SSL_new(tls_));
    SSL_set_fd(ssl.get(), socket);
    // So that it can take its leave: a client drops the session of a connection that breaks off.
    SSL_set_options(ssl.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    if (SSL_accept(ssl.get()) == 1) {
        if (SSL_session_reused(ssl.get()) == 1) ++resumed_;
        converse(ssl.get());
        SSL_shutdown(ssl.get());
    }
    ::shutdown(socket, SHUT_RDWR);  // closed at the end, so that its number is not another's
}

/// A request is taken for whole with its head: what it says does not matter.
void TlsHost::converse(SSL* ssl) {
    constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    std::array<char, 16384> block{};
    for (;;) {
        const int count = SSL_read(ssl, block.data(), static_cast<int>(block.size()));
        if (count <= 0) return;
        heard_ += static_cast<std::size_t>(count);
        const std::string_view text(block.data(), static_cast<std::size_t>(count));
        if (!text.contains("\r\n\r\n")) continue;
        if (SSL_write(ssl, answer.data(), static_cast<int>(answer.size())) <= 0) return;
    }
}

}  // namespace redoubt::test
