// SPDX-License-Identifier: Apache-2.0
#include "transfer.hpp"

#include <array>
#include <utility>

namespace redoubt::http {

Transfer::Transfer(Connections& connections, Exchange& exchange, ClientRequest request,
                   SteadyTime deadline, std::size_t max_answer_bytes)
    : connections_(connections),
      exchange_(exchange),
      request_(std::move(request)),
      deadline_(deadline),
      text_(request_text(request_.method, request_.path, request_.headers, request_.body)),
      reader_(max_answer_bytes),
      connection_(connections.take(request_.origin)),
      is_kept_(connection_ != nullptr) {
    if (!is_kept_) connection_ = connections_.open(request_.origin);
}

std::optional<ResponseOrError> Transfer::poll() {
    CURLcode code = advance();
    // The service had closed a connection while it was kept: nothing is known of the request, and
    // another connection may be better.
    if (code != CURLE_OK && code != CURLE_AGAIN && is_kept_ && !is_answered_) {
        is_kept_ = false;
        sent_ = 0;
        has_left_ = false;
        is_ready_ = true;
        connection_ = connections_.open(request_.origin);
        code = CURLE_AGAIN;
    }
    if (code == CURLE_AGAIN) return std::nullopt;
    if (code == CURLE_OK) return reader_.take_response();
    const TransportFailure why =
        code == CURLE_OPERATION_TIMEDOUT ? TransportFailure::Timeout : TransportFailure::Connection;
    return std::unexpected(TransportError{why, curl_easy_strerror(code)});
}

/// CURLE_OK: answered. CURLE_AGAIN: not without waiting.
CURLcode Transfer::advance() {
    const auto opened = connection_->opened();
    if (!opened || !is_ready_) return CURLE_AGAIN;
    if (*opened != CURLE_OK) return *opened;
    is_ready_ = false;
    // What was just asked is not answered yet.
    return sent_ < text_.size() ? send() : receive();
}

CURLcode Transfer::send() {
    if (!std::exchange(has_left_, true)) exchange_.on_send();
    while (sent_ < text_.size()) {
        const auto count = connection_->send(std::string_view(text_).substr(sent_));
        if (!count) return count.error();
        sent_ += *count;
    }
    return CURLE_AGAIN;
}

CURLcode Transfer::receive() {
    std::array<char, 16384>
        block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by receive
    auto state = ResponseParser::State::Incomplete;
    while (state == ResponseParser::State::Incomplete) {
        const auto count = connection_->receive(block);
        if (!count) return count.error();
        if (*count == 0 && !is_answered_) return CURLE_GOT_NOTHING;
        is_answered_ = true;
        const std::span<char> received(block.data(), *count);
        state = received.empty() ? reader_.end() : reader_.take({received.data(), *count});
        wipe(received);
    }
    return state == ResponseParser::State::Complete ? CURLE_OK : CURLE_WEIRD_SERVER_REPLY;
}

std::optional<curl_waitfd> Transfer::awaited() const {
    if (connection_->opened() != CURLE_OK) return std::nullopt;
    const short event = sent_ < text_.size() ? CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN;
    return curl_waitfd{connection_->socket(), event, 0};
}

void Transfer::release_connection() {
    if (reader_.keeps_connection()) connections_.keep(std::move(connection_));
}

}  // namespace redoubt::http
