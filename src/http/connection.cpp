// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <poll.h>

#include <array>
#include <stdexcept>

namespace redoubt::http {

Connection::Connection(CURLM* multi, Easy easy, std::string origin)
    : multi_(multi), easy_(std::move(easy)), origin_(std::move(origin)) {
    curl_easy_setopt(easy_.get(), CURLOPT_PRIVATE, static_cast<void*>(this));
    if (curl_multi_add_handle(multi_, easy_.get()) != CURLM_OK) {
        throw std::runtime_error("curl_multi_add_handle failed");
    }
}

Connection& Connection::ended(const CURLMsg& message) {
    char* self = nullptr;  // the type that libcurl has for it
    curl_easy_getinfo(message.easy_handle, CURLINFO_PRIVATE, &self);
    auto& connection = *reinterpret_cast<Connection*>(self);
    connection.opened_ = message.data.result;
    return connection;
}

std::expected<std::size_t, CURLcode> Connection::send(std::string_view bytes) {
    std::size_t count = 0;
    const CURLcode code = curl_easy_send(easy_.get(), bytes.data(), bytes.size(), &count);
    if (code != CURLE_OK) return std::unexpected(code);
    return count;
}

std::expected<std::size_t, CURLcode> Connection::receive(std::span<char> room) {
    std::size_t count = 0;
    const CURLcode code = curl_easy_recv(easy_.get(), room.data(), room.size(), &count);
    if (code != CURLE_OK) return std::unexpected(code);
    return count;
}

curl_socket_t Connection::socket() const {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
    return socket;
}

bool Connection::is_alive() {
    pollfd state{socket(), POLLIN | POLLRDHUP, 0};
    // One that has carried nothing yet may have been closed by libcurl, in passing.
    if (state.fd == CURL_SOCKET_BAD) return false;
    if (::poll(&state, 1, 0) == 0) return true;
    std::array<char, 1> room{};
    const auto count = receive(room);
    return !count && count.error() == CURLE_AGAIN;
}

}  // namespace redoubt::http
