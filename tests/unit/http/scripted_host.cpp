// SPDX-License-Identifier: Apache-2.0
#include "scripted_host.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace redoubt::test {

ScriptedHost::ScriptedHost(std::vector<Script> scripts)
    : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* where = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, where, size), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    EXPECT_EQ(::getsockname(listener_, where, &size), 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this, scripts = std::move(scripts)] {
        for (const Script& script : scripts) {
            const int socket = ::accept(listener_, nullptr, nullptr);
            if (socket < 0) return;  // the host ends
            const std::lock_guard lock(mutex_);
            ++connections_;
            threads_.emplace_back([this, socket, script] { serve(socket, script); });
        }
    });
}

ScriptedHost::~ScriptedHost() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
}

std::string ScriptedHost::asked(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return asked_.at(index);
}

std::size_t ScriptedHost::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
}

std::size_t ScriptedHost::ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

void ScriptedHost::serve(int socket, const Script& script) {
    std::array<char, 4096> block{};
    for (const std::string& step : script) {
        const ssize_t count = ::recv(socket, block.data(), block.size(), 0);
        if (count <= 0) break;
        {
            const std::lock_guard lock(mutex_);
            asked_.emplace_back(block.data(), static_cast<std::size_t>(count));
        }
        const std::string_view answer = in_turn(step);
        if (answer == silence) {
            EXPECT_LE(::recv(socket, block.data(), block.size(), 0), 0);
            break;
        }
        if (answer.empty()) break;
        EXPECT_EQ(::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(answer.size()));
        const std::lock_guard lock(mutex_);
        ++answered_;
    }
    ::close(socket);
    const std::lock_guard lock(mutex_);
    ++ended_;
}

std::string_view ScriptedHost::in_turn(std::string_view answer) const {
    const auto wait_until = [this](auto reached) {
        for (;; std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
            const std::lock_guard lock(mutex_);
            if (reached()) return;
        }
    };
    if (answer.starts_with(first_of_two)) {
        wait_until([this] { return asked_.size() > 1; });
        return answer.substr(first_of_two.size());
    }
    if (answer.starts_with(second_of_two)) {
        wait_until([this] { return answered_ + ended_ > 0; });
        return answer.substr(second_of_two.size());
    }
    return answer;
}

}  // namespace redoubt::test
