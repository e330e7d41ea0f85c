// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace redoubt::test {

inline constexpr std::string_view hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
/// No answer, while the connection stays open until the client closes it.
inline constexpr std::string_view silence = "silence";

/// A server of this machine for as many connections as it has scripts. On each, it answers one
/// request after the other as its script says, whatever was asked, and closes.
class ScriptedHost {
public:
    using Script = std::vector<std::string_view>;

    explicit ScriptedHost(std::vector<Script> scripts);
    ScriptedHost(const ScriptedHost&) = delete;
    ScriptedHost& operator=(const ScriptedHost&) = delete;
    ~ScriptedHost();

    [[nodiscard]] std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
    /// The texts of the requests so far, in the order of their arrival.
    [[nodiscard]] std::string asked(std::size_t index) const;
    [[nodiscard]] std::size_t connections() const;
    /// Of the connections, those that it has closed.
    [[nodiscard]] std::size_t ended() const;

private:
    void serve(int socket, const Script& script);

    int listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;
    std::size_t connections_ = 0;
    std::size_t ended_ = 0;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace redoubt::test
