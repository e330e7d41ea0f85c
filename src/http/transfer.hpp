// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <redoubt/base/secret.hpp>
#include <redoubt/http/exchange.hpp>
#include <redoubt/http/response_parser.hpp>

#include "connections.hpp"

namespace redoubt::http {

/// One call under way, and what has come back of it so far. By hand, since libcurl's HTTP took a
/// sixth of a signature's processor time for what is a `send` and a `recv` here.
class Transfer {
public:
    /// Tells `exchange` whenever it sends. Whoever owns it gives it up at `deadline`.
    Transfer(Connections& connections, Exchange& exchange, ClientRequest request,
             SteadyTime deadline, std::size_t max_answer_bytes);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    /// A request may carry a secret, so nothing of it stays behind.
    ~Transfer() {
        wipe(text_);
        wipe(request_.body);
    }

    [[nodiscard]] const ClientRequest& request() const { return request_; }
    [[nodiscard]] SteadyTime deadline() const { return deadline_; }

    /// The request, in part at least.
    [[nodiscard]] bool has_left() const { return has_left_; }
    /// As far as it goes without waiting; at the end, the answer.
    [[nodiscard]] std::optional<ResponseOrError> poll();
    /// What to wait for. Nothing while the connection opens.
    [[nodiscard]] std::optional<curl_waitfd> awaited() const;
    /// What was awaited has come.
    void ready() { is_ready_ = true; }
    /// After an answer: keeps the connection for the next call, if the service does.
    void release_connection();

private:
    [[nodiscard]] CURLcode advance();
    [[nodiscard]] CURLcode send();
    [[nodiscard]] CURLcode receive();

    Connections& connections_;
    Exchange& exchange_;
    ClientRequest request_;
    SteadyTime deadline_;
    std::string text_;      // of the request
    std::size_t sent_ = 0;  // of that
    ResponseParser reader_;
    std::unique_ptr<Connection> connection_;
    bool is_kept_;          // the connection was used before
    bool is_ready_ = true;  // the connection, for what comes next
    bool has_left_ = false;
    bool is_answered_ = false;  // in part, at least
};

}  // namespace redoubt::http
