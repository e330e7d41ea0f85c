// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <redoubt/base/secret.hpp>
#include <redoubt/http/message.hpp>

namespace redoubt::http {

/// Reads one HTTP/1.1 answer from its bytes as they arrive (RFC 9112, sections 4 to 7): of a known
/// length, in chunks, or until the connection ends. Interim answers (1xx) are passed over.
class ResponseParser {
public:
    enum class State { Incomplete, Complete, Broken };

    explicit ResponseParser(std::size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {}
    ResponseParser(const ResponseParser&) = delete;
    ResponseParser& operator=(const ResponseParser&) = delete;
    /// An answer may hold a secret, so nothing of it stays behind.
    ~ResponseParser() {
        wipe(text_);
        wipe(response_.body);
    }

    State take(std::string_view bytes);
    /// No more will come.
    State end();
    /// Whether the connection may carry another exchange. After Complete.
    [[nodiscard]] bool keeps_connection() const { return keeps_connection_; }
    /// The answer, its header names in lower case. After Complete, once.
    [[nodiscard]] Response take_response() { return std::move(response_); }

private:
    enum class Stage { Head, Sized, ChunkSize, Chunk, Trailer, UntilEnd, Done, Broken };

    [[nodiscard]] State state() const;
    /// True if there is more to do with what has arrived.
    bool step();
    bool fail();
    bool read_head();
    bool read_head_lines(std::string_view head);
    bool choose_body();
    bool read_data(Stage then);
    bool read_chunk_size();
    bool read_trailer();
    bool take_line(std::string_view& line);
    [[nodiscard]] std::string_view rest() const { return std::string_view(text_).substr(at_); }

    std::size_t max_body_bytes_;
    Stage stage_ = Stage::Head;
    std::string text_;      // as arrived
    std::size_t at_ = 0;    // what comes before is dealt with
    std::size_t left_ = 0;  // of the body, or of a chunk with its line end
    bool keeps_connection_ = true;
    Response response_;
};

}  // namespace redoubt::http
