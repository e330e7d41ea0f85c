// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

namespace redoubt::standins {

namespace {

constexpr std::size_t read_size = 16384;

/// Of an answer: its head and half of its body.
std::size_t size_of_half(std::string_view answer) {
    const std::size_t blank = answer.find("\r\n\r\n");
    const std::size_t head = blank == std::string_view::npos ? 0 : blank + 4;
    return head + (answer.size() - head) / 2;
}

}  // namespace

Connection::Connection(int socket, SSL_CTX* tls, int number) : socket_(socket), number_(number) {
    if (tls == nullptr) return;
    ssl_.reset(SSL_new(tls));
    if (ssl_) SSL_set_fd(ssl_.get(), socket_);
}

Connection::~Connection() {
    if (ssl_ && healthy_) {
        SSL_shutdown(ssl_.get());
        if (prepare({})) (void)send_prepared();
    }
    ::close(socket_);
}

bool Connection::handshake() {
    if (!ssl_) return true;
    healthy_ = SSL_accept(ssl_.get()) == 1;
    // From here on what is encrypted is kept, so that it can be ready before it is due.
    if (healthy_) SSL_set0_wbio(ssl_.get(), BIO_new(BIO_s_mem()));
    return healthy_;
}

void Connection::await_bytes() {
    pollfd state{socket_, POLLIN, 0};
    (void)::poll(&state, 1, -1);
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
    const bool is_there = consumed_ < in_.size();
    // Decrypting is the server's work, so it is after the arrival.
    if (!is_there) await_bytes();
    arrived_ = std::chrono::steady_clock::now();
    if (!is_there && !fill()) return false;
    return !deserted_ || desert_peer();
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

/// Makes of `bytes` what goes over the wire.
bool Connection::prepare(std::string_view bytes) {
    if (!ssl_) {
        prepared_ = bytes;
        return true;
    }
    if (!bytes.empty() &&
        SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) {
        healthy_ = false;
        return false;
    }
    char* data = nullptr;
    BIO* encrypted = SSL_get_wbio(ssl_.get());
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(encrypted, &data));
    prepared_.assign(data, size);
    BIO_reset(encrypted);
    return true;
}

bool Connection::send_prepared() {
    for (std::string_view rest = prepared_; !rest.empty();) {
        const ssize_t count = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            healthy_ = false;
            return false;
        }
        sent_ += static_cast<std::uint64_t>(count);
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Until the peer gives up.
bool Connection::desert_peer() {
    while (fill()) {
    }
    healthy_ = false;
    return false;
}

bool Connection::deliver() {
    std::string answer = std::exchange(out_, {});
    if (delivery == Delivery::Half) answer.resize(size_of_half(answer));
    const bool is_ready = prepare(answer);
    if (hold) hold();
    if (delivery == Delivery::Never) return desert_peer();
    if (delivery == Delivery::Cut) {
        reset_on_close();
        healthy_ = false;
        return false;
    }
    const bool sent = is_ready && send_prepared();
    if (delivery == Delivery::Half) {
        // A reset would take the half answer with it if the peer has not read it yet.
        ::shutdown(socket_, SHUT_WR);
        healthy_ = false;
    }
    return sent && delivery == Delivery::Whole;
}

void Connection::reset_on_close() const {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

Connection::Traffic Connection::take_traffic() {
    if (!ssl_) return {};
    BIO* wire = SSL_get_rbio(ssl_.get());  // the handshake was written to it, too
    const Traffic now = {BIO_number_read(wire), BIO_number_written(wire) + sent_};
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
