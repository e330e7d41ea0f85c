// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <redoubt/http/exchange.hpp>

namespace redoubt::http {

/// Plain HTTP/1.1 with one server of this machine: one kept connection, one exchange at a time, as
/// long as the server wants. By hand, since libcurl took a fifth of the processor time of a
/// signature for what is a `send` and a `recv` here.
class LocalClient {
public:
    /// `authority`: an IPv4 address, or a name that has one, with a port.
    LocalClient(std::string_view authority, std::size_t max_answer_bytes);
    LocalClient(const LocalClient&) = delete;
    LocalClient& operator=(const LocalClient&) = delete;
    ~LocalClient() { disconnect(); }

    using Work = std::function<void()>;

    /// A request that met a connection which had been closed meanwhile is sent once more. Any other
    /// loss is TransportFailure::Connection. `meanwhile` is done once, after the request has left
    /// or could not.
    [[nodiscard]] ResponseOrError exchange(std::string_view method, std::string_view path,
                                           Pairs headers = {}, std::string_view body = {},
                                           Work meanwhile = {});

private:
    enum class Outcome { Answered, Unanswered, Failed };

    bool connect();
    void disconnect();
    [[nodiscard]] bool send(std::string_view text) const;
    Outcome receive(Response& response);

    std::string authority_;
    std::size_t max_answer_bytes_;
    int socket_ = -1;
};

}  // namespace redoubt::http
