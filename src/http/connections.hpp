// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <redoubt/http/client.hpp>

#include "connection.hpp"
#include "trust.hpp"

namespace redoubt::http {

/// Opens connections, and keeps those that rest between calls. Outlives them all.
class Connections {
public:
    /// Both outlive it.
    Connections(const ClientSettings& settings, const Clock& clock);
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;
    ~Connections() = default;

    /// One to `origin` that was kept and seems to be alive, or opens, if there is one.
    [[nodiscard]] std::unique_ptr<Connection> take(const std::string& origin);
    /// A new one, which may take as long to open as a call may take.
    [[nodiscard]] std::unique_ptr<Connection> open(const std::string& origin);
    /// Between calls, until the next one takes it.
    void keep(std::unique_ptr<Connection> connection);
    /// Begins to open what is missing of connections to `origins`, as many to each as it is named,
    /// for calls that follow.
    void open_ahead(const std::vector<std::string>& origins);
    /// Sees to a kept one to each origin that will do for a request which follows soon. If one is
    /// missing, opens all anew, in parallel.
    void ensure_connections(const std::vector<std::string>& origins, SteadyTime deadline);

    /// Goes on with those that open, without waiting. Whether there were any.
    bool drive();
    /// Waits until one of `sockets` is ready, which is noted there, or an opening can go on, or
    /// until `wake` at the latest.
    void wait(std::vector<curl_waitfd>& sockets, SteadyTime wake);

private:
    struct Kept {
        std::unique_ptr<Connection> connection;
        SteadyTime since;
    };

    [[nodiscard]] Easy prepared_easy(const std::string& origin);
    [[nodiscard]] std::ptrdiff_t count_kept(const std::string& origin) const;
    /// Whether one may be used for so long yet.
    [[nodiscard]] bool is_usable(const Kept& kept, std::chrono::seconds from_now) const;
    static CURLcode on_tls_context(CURL* easy, void* context, void* self);

    const ClientSettings& settings_;
    const Clock& clock_;
    TrustStore trust_;                          // made for the first TLS connection
    Handle<CURLSH, curl_share_cleanup> share_;  // before its users: it goes after them
    Handle<CURLM, curl_multi_cleanup> multi_;
    int opening_ = 0;         // so many, at most
    std::vector<Kept> kept_;  // the last used one first; of those ahead of use, some open yet
};

}  // namespace redoubt::http
