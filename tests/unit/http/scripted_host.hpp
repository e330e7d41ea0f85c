// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace redoubt::test {

inline const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
/// No answer, while the connection stays open until the client closes it.
inline const std::string silence = "silence";

/// Before an answer: it leaves once both connections have asked, at once or after the other's.
inline const std::string first_of_two = "first of two\n";
inline const std::string second_of_two = "second of two\n";

/// A server of this machine for as many connections as it has scripts. On each, it answers one
/// request after the other as its script says, whatever was asked, and closes.
class ScriptedHost {
public:
    using Script = std::vector<std::string>;

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
    /// The answer without its mark, when its turn has come.
    [[nodiscard]] std::string_view in_turn(std::string_view answer) const;

    int listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;
    std::size_t connections_ = 0;
    std::size_t ended_ = 0;
    std::size_t answered_ = 0;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace redoubt::test
