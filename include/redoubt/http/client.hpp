// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <redoubt/http/exchange.hpp>

namespace redoubt::http {

struct ClientSettings {
    /// PEM certificates to trust; empty for plain HTTP only.
    std::string trusted_roots;
    /// Longest a call may take, connecting included.
    Milliseconds call_timeout{1000};
    /// A connection that was idle for longer is not used again: a NAT drops it without a word, and
    /// a poll would see nothing.
    std::chrono::seconds idle_limit{60};
    std::size_t max_answer_bytes = std::size_t{1} << 20U;
};

/// HTTP/1.1 over connections that libcurl opens (names, TLS 1.2 or newer, no proxies) and that are
/// kept for all calls. No redirects. For one thread.
class Client final : public io::ExchangeRunner {
public:
    Client(ClientSettings settings, const Clock& clock);
    ~Client() override;

    void run(std::span<io::Exchange* const> exchanges, SteadyTime deadline) override;

    /// Opens connections to those origins once what the next run sends has left, while that is
    /// under way; the calls that follow take them, open or not yet.
    void expect(const std::vector<std::string>& origins) override;

    /// Makes sure that a usable connection to each origin (`https://host[:port]`) exists: if one is
    /// closed or was idle for too long, all are replaced, in parallel. No round trip if all are
    /// well. What cannot be opened by `deadline` is left to the next call, which says so.
    void ensure_connections(const std::vector<std::string>& origins, SteadyTime deadline);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace redoubt::http
