// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/local_client.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace redoubt::test {
namespace {

using http::LocalClient;

constexpr std::string_view hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// Accepts one connection after the other; on each, answers one request with each of `answers` and
/// closes. What was asked is kept.
class Host {
public:
    using Answers = std::vector<std::string_view>;

    explicit Host(std::vector<Answers> connections) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* where = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener_, where, size), 0);
        EXPECT_EQ(::listen(listener_, 8), 0);
        EXPECT_EQ(::getsockname(listener_, where, &size), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, connections = std::move(connections)] {
            for (const Answers& answers : connections) serve(answers);
            ::close(listener_);
        });
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host() { thread_.join(); }

    [[nodiscard]] std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }

    std::vector<std::string> asked;

private:
    void serve(const Answers& answers) {
        const int socket = ::accept(listener_, nullptr, nullptr);
        std::array<char, 4096> block{};
        for (const std::string_view answer : answers) {
            const ssize_t count = ::recv(socket, block.data(), block.size(), 0);
            asked.emplace_back(block.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            EXPECT_EQ(::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL),
                      static_cast<ssize_t>(answer.size()));
        }
        ::close(socket);
    }

    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

TEST(LocalClient, KeepsItsConnection) {
    Host host({{hello, hello}});
    {
        LocalClient client(host.authority(), 100);
        EXPECT_EQ(client.exchange("GET", "/next")->body, "hello");
        EXPECT_EQ(client.exchange("POST", "/answer", {{"Type", "text"}}, "abc")->status, 200);
    }
    EXPECT_EQ(host.asked.at(0), "GET /next HTTP/1.1\r\nHost: " + host.authority() + "\r\n\r\n");
    EXPECT_EQ(host.asked.at(1), "POST /answer HTTP/1.1\r\nHost: " + host.authority() +
                                    "\r\nType: text\r\nContent-Length: 3\r\n\r\nabc");
}

TEST(LocalClient, AsksOnceMoreWhenTheConnectionWasClosedMeanwhile) {
    const Host host({{hello}, {hello}});
    LocalClient client(host.authority(), 100);
    EXPECT_EQ(client.exchange("GET", "/1")->body, "hello");
    int done = 0;
    EXPECT_EQ(client.exchange("GET", "/2", {}, {}, [&done] { ++done; })->body, "hello");
    EXPECT_EQ(done, 1);
}

TEST(LocalClient, GivesUpOnAnAnswerThatIsNone) {
    const Host host({{"HTTP/1.1 200 OK\r\nContent-Le"}, {""}, {"nonsense\r\n\r\n"}});
    LocalClient client(host.authority(), 100);
    for (int i = 0; i < 3; ++i) {
        const auto answer = client.exchange("GET", "/");
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().why, http::Lost::Connection);
    }
}

TEST(LocalClient, DoesItsOtherWorkEvenIfNobodyIsThere) {
    for (const char* authority : {"127.0.0.1:1", "127.0.0.1", "127.0.0.1:x", "nowhere:80", ""}) {
        LocalClient client(authority, 100);
        int done = 0;
        EXPECT_FALSE(client.exchange("GET", "/", {}, {}, [&done] { ++done; })) << authority;
        EXPECT_EQ(done, 1);
    }
}

}  // namespace
}  // namespace redoubt::test
