// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/local_client.hpp>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include <redoubt/base/handle.hpp>
#include <redoubt/http/response_parser.hpp>

namespace redoubt::http {
namespace {

/// The address of a host's name, by the resolver that libcurl has: by a first connection, which
/// carries nothing. (The C library's would need shared objects, which one static file has not.)
std::string resolved(std::string_view authority) {
    const Handle<CURL, curl_easy_cleanup> easy(curl_easy_init());
    const std::string url = "http://" + std::string(authority);
    const char* address = nullptr;
    if (!easy || curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str()) != CURLE_OK ||
        curl_easy_setopt(easy.get(), CURLOPT_IPRESOLVE, CURL_IPRESOLVE_V4) != CURLE_OK ||
        curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L) != CURLE_OK ||
        curl_easy_setopt(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, 5000L) != CURLE_OK ||
        curl_easy_setopt(easy.get(), CURLOPT_CONNECT_ONLY, 1L) != CURLE_OK ||
        curl_easy_perform(easy.get()) != CURLE_OK ||
        curl_easy_getinfo(easy.get(), CURLINFO_PRIMARY_IP, &address) != CURLE_OK ||
        address == nullptr) {
        return "";
    }
    return address;
}

std::optional<sockaddr_in> parse_address(std::string_view authority) {
    const std::size_t colon = authority.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string host(authority.substr(0, colon));
    if (host == "localhost") host = "127.0.0.1";
    in_addr known{};
    if (::inet_pton(AF_INET, host.c_str(), &known) != 1) host = resolved(authority);
    const std::string_view digits = authority.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [stop, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (problem != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return std::nullopt;
    return address;
}

ResponseOrError lost(const char* what) {
    return std::unexpected(TransportError{TransportFailure::Connection, what});
}

}  // namespace

LocalClient::LocalClient(std::string_view authority, std::size_t max_answer_bytes)
    : authority_(authority), max_answer_bytes_(max_answer_bytes) {}

ResponseOrError LocalClient::exchange(std::string_view method, std::string_view path, Pairs headers,
                                      std::string_view body, Work meanwhile) {
    headers.emplace(headers.begin(), "Host", authority_);
    const std::string text = request_text(method, path, headers, body);
    for (;;) {
        const bool reused = socket_ >= 0;
        const bool sent = (reused || connect()) && send(text);
        if (meanwhile) std::exchange(meanwhile, {})();
        if (socket_ < 0) return lost("cannot connect");
        Response response;
        const Outcome outcome = sent ? receive(response) : Outcome::Unanswered;
        if (outcome == Outcome::Answered) return response;
        disconnect();
        if (outcome == Outcome::Failed || !reused) return lost("no answer that can be read");
    }
}

bool LocalClient::connect() {
    const auto address = parse_address(authority_);
    if (!address) return false;
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return false;
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto* where = reinterpret_cast<const sockaddr*>(&*address);
    if (::connect(socket_, where, sizeof *address) == 0) return true;
    disconnect();
    return false;
}

void LocalClient::disconnect() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

bool LocalClient::send(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Unanswered: not even the first byte came.
LocalClient::Outcome LocalClient::receive(Response& response) {
    ResponseParser reader(max_answer_bytes_);
    auto state = ResponseParser::State::Incomplete;
    bool begun = false;
    std::array<char, 16384>
        block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
    while (state == ResponseParser::State::Incomplete) {
        const ssize_t count = ::recv(socket_, block.data(), block.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0 && !begun) return Outcome::Unanswered;
        begun = true;
        state = count <= 0 ? reader.end()
                           : reader.take({block.data(), static_cast<std::size_t>(count)});
    }
    if (state == ResponseParser::State::Broken) return Outcome::Failed;
    if (!reader.keeps_connection()) disconnect();
    response = reader.take_response();
    return Outcome::Answered;
}

}  // namespace redoubt::http
