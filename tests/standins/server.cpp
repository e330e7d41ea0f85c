// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "connection.hpp"

namespace redoubt::standins {

namespace {

constexpr int backlog = 512;
constexpr std::size_t max_body = 8UL << 20U;
/// httplib acts on these (it parses forms, unpacks, compresses, cuts ranges); here they are data.
constexpr auto meddling_headers = {"Content-Type", "Content-Encoding", "Accept-Encoding", "Range"};
/// httplib adds these to what the client sent.
constexpr auto added_headers = {"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"};

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

/// Copies the request's head as it came, then makes httplib see a plain POST of `/`, for which it
/// reads any body and finds the one route.
void take_head(Connection& connection, httplib::Request& request) {
    for (const char* name : added_headers) request.headers.erase(name);
    HttpRequest& head = connection.request;
    head = {};
    head.method = request.method;
    head.target = request.target;
    head.version = request.version;
    head.peer = request.remote_addr;
    head.arrived = connection.arrived();
    for (const auto& [name, value] : request.headers) head.headers.push_back({lower(name), value});
    for (const char* name : meddling_headers) request.headers.erase(name);
    request.ranges.clear();
    request.path = "/";
    if (request.method != "HEAD") request.method = "POST";
    // Without a length httplib would read until the peer closes; HTTP says there is no body.
    if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
        request.set_header("Content-Length", "0");
    }
}

void put_answer(const HttpResponse& answer, httplib::Response& response) {
    response.status = answer.status;
    for (const Header& header : answer.headers) response.set_header(header.name, header.value);
    if (answer.delivery == Delivery::Close) response.set_header("Connection", "close");
    if (!answer.body.empty()) response.set_content(answer.body, answer.content_type);
}

}  // namespace

/// httplib parses requests and formats answers. Its own loop over a connection is replaced: that
/// one polls, with pauses of a millisecond, which would show in every measurement.
class Server::Listener final : public httplib::Server {
public:
    Listener(Settings settings, HttpHandler handler)
        : settings_(settings), handler_(std::move(handler)) {
        new_task_queue = [this] { return new httplib::ThreadPool(settings_.threads); };
        set_tcp_nodelay(true);
        // Not SO_REUSEPORT, httplib's choice: two hosts would share a port, and each other's calls.
        set_socket_options([](socket_t listener) {
            const int on = 1;
            ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        });
        set_payload_max_length(max_body);
        set_keep_alive_max_count(1000000);
        const auto handle = [this](const httplib::Request& request, httplib::Response& response) {
            serve(request, response);
        };
        Post("/", handle);
        Get("/", handle);
        port_ = settings_.port == 0                         ? bind_to_any_port("127.0.0.1")
                : bind_to_port("127.0.0.1", settings_.port) ? settings_.port
                                                            : -1;
        if (port_ <= 0) {
            throw std::runtime_error("cannot listen on 127.0.0.1:" +
                                     std::to_string(settings_.port));
        }
        ::listen(svr_sock_, backlog);
        thread_ = std::thread([this] { listen_after_bind(); });
    }

    ~Listener() override { end(); }

    void end() {
        {
            const std::scoped_lock lock(mutex_);
            if (std::exchange(ending_, true)) return;
            for (const auto& [number, connection] : connections_) connection->interrupt();
        }
        ::shutdown(svr_sock_, SHUT_RDWR);  // makes accept() fail, which ends the loop
        thread_.join();
    }

    void end_connections(Ending how) {
        const std::scoped_lock lock(mutex_);
        for (const auto& [number, connection] : connections_) {
            if (how == Ending::Closed) {
                connection->interrupt();
            } else {
                connection->desert();
            }
        }
    }

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] ServerCounts counts() const {
        const std::uint64_t opening = opening_;  // first: what is not in it any more is counted
        return {connected_, handshakes_, resumed_, bytes_in_, bytes_out_, opening};
    }

private:
    bool process_and_close_socket(socket_t socket) override {
        ++opening_;
        const int number = static_cast<int>(++connected_);
        Connection connection(socket, settings_.tls, number);
        {
            const std::scoped_lock lock(mutex_);
            if (ending_) return false;
            connections_.emplace(number, &connection);
        }
        const bool is_open = connection.handshake();
        if (is_open && settings_.tls != nullptr) ++handshakes_;
        if (is_open && connection.is_resumed()) ++resumed_;
        --opening_;
        if (is_open) converse(connection);
        count_bytes(connection);
        const std::scoped_lock lock(mutex_);
        connections_.erase(number);
        return true;
    }

    void converse(Connection& connection) {
        bool closing = false;
        while (!closing && connection.await_request()) {
            connection.delivery = Delivery::Whole;
            connection.hold = {};
            const bool going = process_request(
                connection, false, closing,
                [&connection](httplib::Request& request) { take_head(connection, request); });
            if (!connection.deliver() || !going) return;
            count_bytes(connection);
        }
    }

    void count_bytes(Connection& connection) {
        const Connection::Traffic traffic = connection.take_traffic();
        bytes_in_ += traffic.in;
        bytes_out_ += traffic.out;
    }

    void serve(const httplib::Request& request, httplib::Response& response) {
        Connection& connection = connection_of(request);
        connection.request.body = request.body;
        const HttpResponse answer = handler_(connection.request);
        connection.delivery = answer.delivery;
        connection.hold = answer.hold;
        put_answer(answer, response);
    }

    Connection& connection_of(const httplib::Request& request) {
        const std::scoped_lock lock(mutex_);
        return *connections_.at(request.remote_port);
    }

    Settings settings_;
    HttpHandler handler_;
    int port_ = -1;
    std::atomic<std::uint64_t> opening_ = 0;
    std::atomic<std::uint64_t> connected_ = 0;
    std::atomic<std::uint64_t> handshakes_ = 0;
    std::atomic<std::uint64_t> resumed_ = 0;
    std::atomic<std::uint64_t> bytes_in_ = 0;
    std::atomic<std::uint64_t> bytes_out_ = 0;
    std::mutex mutex_;
    std::map<int, Connection*> connections_;
    bool ending_ = false;
    std::thread thread_;
};

Server::Server(Settings settings, HttpHandler handler)
    : listener_(std::make_unique<Listener>(settings, std::move(handler))) {}

Server::~Server() { stop(); }

void Server::stop() { listener_->end(); }

void Server::end_connections(Ending how) { listener_->end_connections(how); }

int Server::port() const { return listener_->port(); }

ServerCounts Server::counts() const { return listener_->counts(); }

}  // namespace redoubt::standins
