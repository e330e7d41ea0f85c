// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

namespace redoubt::standins {

namespace {

constexpr std::size_t read_size = 16384;

}  // namespace

Connection::Connection(int socket, SSL_CTX* tls, int number) : socket_(socket), number_(number) {
    if (tls == nullptr) return;
    ssl_.reset(SSL_new(tls));
    if (ssl_) SSL_set_fd(ssl_.get(), socket_);
}

Connection::~Connection() {
    if (ssl_ && healthy_) SSL_shutdown(ssl_.get());
    ::close(socket_);
}

bool Connection::handshake() {
    if (!ssl_) return true;
    healthy_ = SSL_accept(ssl_.get()) == 1;
    return healthy_;
}

bool Connection::fill() {
    in_.resize(read_size);
    consumed_ = 0;
    const ssize_t count = ssl_ ? SSL_read(ssl_.get(), in_.data(), static_cast<int>(in_.size()))
                               : ::recv(socket_, in_.data(), in_.size(), 0);
    in_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    if (count < 0) healthy_ = false;
    return count > 0;
}

bool Connection::await_request() {
    if (consumed_ == in_.size() && !fill()) return false;
    if (deserted_) return deliver(Delivery::Never);
    arrived_ = std::chrono::steady_clock::now();
    return true;
}

ssize_t Connection::read(char* to, std::size_t size) {
    if (consumed_ == in_.size() && !fill()) return 0;
    const std::size_t count = std::min(size, in_.size() - consumed_);
    std::memcpy(to, in_.data() + consumed_, count);
    consumed_ += count;
    return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* from, std::size_t size) {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
}

bool Connection::send_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count =
            ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                 : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            healthy_ = false;
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool Connection::deliver(Delivery how) {
    const std::string answer = std::exchange(out_, {});
    switch (how) {
        case Delivery::Whole: return send_all(answer);
        case Delivery::Close: (void)send_all(answer); return false;
        case Delivery::Half: {
            const std::size_t blank = answer.find("\r\n\r\n");
            const std::size_t head = blank == std::string::npos ? 0 : blank + 4;
            (void)send_all(std::string_view(answer).substr(0, head + (answer.size() - head) / 2));
            // A reset would take the half answer with it if the peer has not read it yet.
            ::shutdown(socket_, SHUT_WR);
            healthy_ = false;
            return false;
        }
        case Delivery::Cut:
            reset_on_close();
            healthy_ = false;
            return false;
        case Delivery::Never:
            while (fill()) {
            }
            healthy_ = false;
            return false;
    }
    return false;
}

void Connection::reset_on_close() const {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

Connection::Traffic Connection::take_traffic() {
    if (!ssl_) return {};
    const Traffic now = {BIO_number_read(SSL_get_rbio(ssl_.get())),
                         BIO_number_written(SSL_get_wbio(ssl_.get()))};
    const Traffic before = std::exchange(counted_, now);
    return {now.in - before.in, now.out - before.out};
}

bool Connection::is_resumed() const { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }

void Connection::interrupt() const { ::shutdown(socket_, SHUT_RDWR); }

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    std::array<char, INET_ADDRSTRLEN> text{};
    if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
        ::inet_ntop(AF_INET, &peer.sin_addr, text.data(), text.size()) != nullptr) {
        ip = text.data();
    }
    // httplib hands the port on to the handler, which finds its connection by it.
    port = number_;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
    ip = "127.0.0.1";
    port = 0;
}

}  // namespace redoubt::standins
