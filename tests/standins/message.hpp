// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/clock.hpp>

/// What the servers of the local world hand to their handlers and take from them: plain data.
namespace redoubt::standins {

struct Header {
    std::string name;
    std::string value;
};
using Headers = std::vector<Header>;

/// The first value of `name`, not copied; null if there is none. Names are compared as they are.
[[nodiscard]] inline const std::string* find(const Headers& headers, std::string_view name) {
    for (const Header& header : headers) {
        if (header.name == name) return &header.value;
    }
    return nullptr;
}

struct HttpRequest {
    std::string method;
    std::string target;  ///< Path and query as sent, nothing decoded.
    std::string version;
    Headers headers;  ///< Names in lower case.
    std::string body;
    std::string peer;      ///< Address of the other side.
    SteadyTime arrived{};  ///< When its first byte was there.

    [[nodiscard]] std::string_view path() const {
        return std::string_view(target).substr(0, target.find('?'));
    }
    /// What follows the first `?`, undecoded.
    [[nodiscard]] std::string_view query() const {
        const auto mark = target.find('?');
        return mark == std::string::npos ? std::string_view{}
                                         : std::string_view(target).substr(mark + 1);
    }
};

/// How an answer reaches the peer. All but Whole are faults.
enum class Delivery {
    Whole,
    Close,  ///< Whole, with `Connection: close`, which is then done.
    Half,   ///< Headers and half of the body, then the connection is reset.
    Cut,    ///< Nothing; the connection is reset.
    Never,  ///< Nothing, and the connection stays until the peer gives up.
};

struct HttpResponse {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
    Headers headers{};
    Delivery delivery = Delivery::Whole;
    /// Called, if there is one, when nothing is left to do but to send: it returns when that is
    /// due.
    std::function<void()> hold{};
};

/// Called in parallel.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

}  // namespace redoubt::standins
