// SPDX-License-Identifier: Apache-2.0
// redoubt-floor: the least that a Lambda function can do for a vote or a block, to measure against.
// It takes an event, makes the waits that signing has (both at once for a vote, one after the other
// for a block, one alone for what it signs itself), and answers. No TLS, no JSON, no cryptography,
// no allocation worth a word.
//
// Environment: AWS_LAMBDA_RUNTIME_API; WAITS, ports on 127.0.0.1; ORDER, `parallel` or
// `serial`.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

/// A connection to 127.0.0.1 that stays open.
class Connection {
public:
    explicit Connection(std::string_view port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        std::uint16_t number = 0;
        std::from_chars(port.data(), port.data() + port.size(), number);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(number);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            throw std::runtime_error("cannot connect");
        }
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { ::close(socket_); }

    [[nodiscard]] int socket() const { return socket_; }

    void send(std::string_view text) const {
        if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(text.size())) {
            throw std::runtime_error("cannot send");
        }
    }

    /// One answer, headers and body.
    std::string receive() {
        std::string text;
        std::size_t wanted = std::string::npos;
        while (text.size() < wanted) {
            const ssize_t count = ::recv(socket_, block_.data(), block_.size(), 0);
            if (count <= 0) throw std::runtime_error("closed");
            text.append(block_.data(), static_cast<std::size_t>(count));
            if (wanted == std::string::npos) wanted = length(text);
        }
        return text;
    }

private:
    /// Of the whole answer, as far as is known.
    static std::size_t length(std::string_view text) {
        const auto end = text.find("\r\n\r\n");
        if (end == std::string_view::npos) return end;
        const std::string digits = header(text, "Content-Length: ");
        return end + 4 + (digits.empty() ? 0 : std::stoul(digits));
    }

public:
    static std::string header(std::string_view text, std::string_view name) {
        const auto at = text.find(name);
        if (at == std::string_view::npos) return {};
        const auto value = text.substr(at + name.size());
        return std::string(value.substr(0, value.find("\r\n")));
    }

private:
    int socket_;
    std::array<char, 16384> block_{};
};

std::string request(std::string_view method, const std::string& path, std::string_view body) {
    return std::string(method) + " " + path +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

/// To each port of a list.
std::deque<Connection> connections_to(std::string_view ports) {
    std::deque<Connection> connections;
    while (true) {
        const auto comma = ports.find(',');
        connections.emplace_back(ports.substr(0, comma));
        if (comma == std::string_view::npos) return connections;
        ports.remove_prefix(comma + 1);
    }
}

void wait_at_once(std::deque<Connection>& connections, std::string_view request) {
    std::array<pollfd, 2> waiting{};
    for (std::size_t i = 0; i < connections.size(); ++i) {
        connections[i].send(request);
        waiting.at(i) = {connections[i].socket(), POLLIN, 0};
    }
    for (std::size_t left = connections.size(); left > 0;) {
        if (::poll(waiting.data(), connections.size(), -1) < 0) throw std::runtime_error("poll");
        for (std::size_t i = 0; i < connections.size(); ++i) {
            if (waiting.at(i).revents == 0) continue;
            static_cast<void>(connections[i].receive());
            waiting.at(i).fd = -1;
            --left;
        }
    }
}

void wait_in_turn(std::deque<Connection>& connections, std::string_view request) {
    for (Connection& connection : connections) {
        connection.send(request);
        static_cast<void>(connection.receive());
    }
}

/// As long as a signature's, so that the host has as much to read.
constexpr std::string_view answer =
    R"({"body":"{\"signature\":\"spsig1..............................................)"
    R"(...............................................\"}",)"
    R"("headers":{"Cache-Control":"no-store","Content-Type":"application/json"},)"
    R"("isBase64Encoded":false,"statusCode":200})";

[[noreturn]] void loop(const std::string& api, const std::string& waits, bool parallel) {
    const std::string runtime = "/2018-06-01/runtime/invocation/";
    Connection host(std::string_view(api).substr(api.find(':') + 1));
    std::deque<Connection> services = connections_to(waits);
    const std::string wait = request("POST", "/", {});
    for (;;) {
        host.send(request("GET", runtime + "next", {}));
        const std::string event = host.receive();
        if (event.contains("\"method\":\"POST\"")) {
            parallel ? wait_at_once(services, wait) : wait_in_turn(services, wait);
        }
        const std::string id = Connection::header(event, "Lambda-Runtime-Aws-Request-Id: ");
        host.send(request("POST", runtime + id + "/response", answer));
        static_cast<void>(host.receive());
    }
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): the only thread
    return value == nullptr ? "" : value;
}

}  // namespace

int main() {
    try {
        loop(variable("AWS_LAMBDA_RUNTIME_API"), variable("WAITS"),
             variable("ORDER") == "parallel");
    } catch (const std::exception&) {
        return 1;  // the host has ended
    }
}
