// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <redoubt/base/handle.hpp>

namespace redoubt::http {

using Easy = Handle<CURL, curl_easy_cleanup>;

/// A connection that libcurl opens: it resolves, connects, and agrees on TLS with a peer whose
/// certificate is trusted. Pinned: libcurl points to it.
class Connection {
public:
    /// Begins to open; `easy` has CURLOPT_CONNECT_ONLY, and all other options.
    Connection(CURLM* multi, Easy easy, std::string origin);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    /// Closes.
    ~Connection() { curl_multi_remove_handle(multi_, easy_.get()); }

    [[nodiscard]] const std::string& origin() const { return origin_; }
    /// Nothing while it opens; then CURLE_OK, or why it could not.
    [[nodiscard]] std::optional<CURLcode> opened() const { return opened_; }
    /// The one whose opening ended as libcurl's `message` says.
    static Connection& ended(const CURLMsg& message);

    /// Of an open one: how many bytes went, or came (none: the peer has ended it). CURLE_AGAIN:
    /// not without waiting.
    [[nodiscard]] std::expected<std::size_t, CURLcode> send(std::string_view bytes);
    [[nodiscard]] std::expected<std::size_t, CURLcode> receive(std::span<char> room);
    [[nodiscard]] curl_socket_t socket() const;
    /// Between calls: a service has nothing to say then but TLS's own, session tickets above all.
    [[nodiscard]] bool is_alive();

private:
    CURLM* multi_;
    Easy easy_;
    std::string origin_;
    std::optional<CURLcode> opened_;
};

}  // namespace redoubt::http
