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

/// libcurl: one multi handle whose connections are kept and shared by all calls. HTTP/1.1, no
/// redirects, no proxies, TLS 1.2 or newer. For one thread.
class Client final : public Driver {
public:
    Client(ClientSettings settings, const Clock& clock);
    ~Client() override;

    void run(std::span<Dialogue* const> dialogues, SteadyTime deadline) override;

    /// Makes sure that a usable connection to each origin (`https://host[:port]`) exists: one that
    /// is closed or was idle for too long is replaced, all in parallel, by an unsigned `GET /`
    /// (libcurl keeps a connection only after a finished request). No round trip if all are well.
    void freshen(const std::vector<std::string>& origins, SteadyTime deadline);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace redoubt::http
