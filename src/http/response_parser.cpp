// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/response_parser.hpp>

#include <algorithm>
#include <charconv>

#include <redoubt/base/text.hpp>

namespace redoubt::http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t max_head_bytes = 65536;
constexpr std::size_t max_line_bytes = 256;  // of a chunk's size, extensions included

template <class Number>
bool read_number(std::string_view text, int base, Number& number) {
    const auto [stop, problem] =
        std::from_chars(text.data(), text.data() + text.size(), number, base);
    return problem == std::errc{} && stop == text.data() + text.size();
}

/// `HTTP/1.1 200 OK`; 0 if it is something else.
int status_of(std::string_view line) {
    int status = 0;
    if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return 0;
    return read_number(line.substr(9, 3), 10, status) && status >= 100 ? status : 0;
}

}  // namespace

ResponseParser::State ResponseParser::state() const {
    if (stage_ == Stage::Done) return State::Complete;
    return stage_ == Stage::Broken ? State::Broken : State::Incomplete;
}

ResponseParser::State ResponseParser::take(std::string_view bytes) {
    // Chunks, trailers and interim answers have no end of their own.
    if (text_.size() + bytes.size() > 2 * max_body_bytes_ + max_head_bytes) fail();
    if (stage_ == Stage::Broken) return state();
    append_wiping(text_, bytes);
    while (step()) {
    }
    return state();
}

ResponseParser::State ResponseParser::end() {
    keeps_connection_ = false;
    stage_ = stage_ == Stage::UntilEnd || stage_ == Stage::Done ? Stage::Done : Stage::Broken;
    return state();
}

bool ResponseParser::fail() {
    stage_ = Stage::Broken;
    return false;
}

bool ResponseParser::step() {
    switch (stage_) {
        case Stage::Head: return read_head();
        case Stage::Sized: return read_data(Stage::Done);
        case Stage::ChunkSize: return read_chunk_size();
        case Stage::Chunk: return read_data(Stage::ChunkSize);
        case Stage::Trailer: return read_trailer();
        case Stage::UntilEnd: left_ = rest().size(); return read_data(Stage::UntilEnd);
        case Stage::Done:
            if (!rest().empty()) keeps_connection_ = false;  // nobody asked for more
            return false;
        case Stage::Broken: return false;
    }
    return false;
}

bool ResponseParser::read_head() {
    const std::size_t end = rest().substr(0, max_head_bytes).find("\r\n\r\n");
    if (end == std::string_view::npos) return rest().size() >= max_head_bytes && fail();
    const bool good = read_head_lines(rest().substr(0, end));
    at_ += end + 4;
    if (!good) return fail();
    if (response_.status >= 200) return choose_body();
    response_ = {};  // interim
    return true;
}

bool ResponseParser::read_head_lines(std::string_view head) {
    const std::size_t end = std::min(head.find(line_end), head.size());
    response_.status = status_of(head.substr(0, end));
    keeps_connection_ = head.starts_with("HTTP/1.1");
    head.remove_prefix(std::min(end + line_end.size(), head.size()));
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find(line_end));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) return false;
        response_.headers.emplace_back(lower_case(line.substr(0, colon)),
                                       trimmed(line.substr(colon + 1)));
        head.remove_prefix(std::min(line.size() + line_end.size(), head.size()));
    }
    if (lower_case(header(response_, "connection")) == "close") keeps_connection_ = false;
    return response_.status != 0;
}

bool ResponseParser::choose_body() {
    const std::string_view coding = header(response_, "transfer-encoding");
    const std::string_view length = header(response_, "content-length");
    if (response_.status == 204 || response_.status == 304) {
        stage_ = Stage::Done;
    } else if (!coding.empty()) {
        stage_ = lower_case(coding) == "chunked" ? Stage::ChunkSize : Stage::Broken;
    } else if (length.empty()) {
        stage_ = Stage::UntilEnd;
    } else {
        const bool good = read_number(length, 10, left_) && left_ <= max_body_bytes_;
        stage_ = good ? Stage::Sized : Stage::Broken;
    }
    return true;
}

bool ResponseParser::read_data(Stage then) {
    const std::string_view data = rest().substr(0, left_);
    if (response_.body.size() + data.size() > max_body_bytes_) return fail();
    append_wiping(response_.body, data);
    at_ += data.size();
    left_ -= data.size();
    if (left_ > 0 || then == Stage::UntilEnd) return false;
    if (then == Stage::ChunkSize) {
        std::string_view line;
        if (!take_line(line)) return false;
        if (!line.empty()) return fail();
    }
    stage_ = then;
    return true;
}

bool ResponseParser::read_chunk_size() {
    std::string_view line;
    if (!take_line(line)) return false;
    const std::string_view digits = trimmed(line.substr(0, line.find(';')));
    if (!read_number(digits, 16, left_) || left_ > max_body_bytes_) return fail();
    stage_ = left_ == 0 ? Stage::Trailer : Stage::Chunk;
    return true;
}

bool ResponseParser::read_trailer() {
    std::string_view line;
    if (!take_line(line)) return false;
    if (line.empty()) stage_ = Stage::Done;
    return true;
}

bool ResponseParser::take_line(std::string_view& line) {
    const std::size_t end = rest().substr(0, max_line_bytes).find(line_end);
    if (end == std::string_view::npos) {
        if (rest().size() >= max_line_bytes) fail();
        return false;
    }
    line = rest().substr(0, end);
    at_ += end + line_end.size();
    return true;
}

}  // namespace redoubt::http
