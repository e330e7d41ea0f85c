// SPDX-License-Identifier: Apache-2.0
// What AWS and the Runtime API answer. The input: a byte that says into which pieces the answer is
// cut, then the answer as it comes over the wire.
#include <redoubt/base/bytes.hpp>
#include <redoubt/base/text.hpp>
#include <redoubt/http/response_parser.hpp>

#include "check.hpp"

namespace redoubt::fuzz::http_response {
namespace {

using http::Response;
using http::ResponseParser;
using State = ResponseParser::State;

constexpr std::size_t max_body_bytes = 300;

struct Read {
    State while_open;  // while more could have come
    State state;       // once the connection has ended
    bool keeps_connection = false;
    Response response;
};

bool operator==(const Read& a, const Read& b) {
    return a.while_open == b.while_open && a.state == b.state &&
           a.keeps_connection == b.keeps_connection && a.response.status == b.response.status &&
           a.response.headers == b.response.headers && a.response.body == b.response.body;
}

/// In pieces of `size` and `size + 1` bytes in turn.
Read read(std::string_view wire, std::size_t size) {
    ResponseParser parser(max_body_bytes);
    State state = State::Incomplete;
    for (std::size_t i = 0; !wire.empty(); ++i) {
        const std::string_view piece = wire.substr(0, size + i % 2);
        state = parser.take(piece);
        wire.remove_prefix(piece.size());
    }
    Read out{state, state, parser.keeps_connection(), {}};
    if (state == State::Incomplete) {
        out.state = parser.end();
        out.keeps_connection = parser.keeps_connection();
    }
    if (out.state == State::Complete) out.response = parser.take_response();
    return out;
}

bool says_how_the_body_ends(std::string_view name) {
    return name == "transfer-encoding" || name == "content-length";
}

/// The answer as its simplest spelling has it.
std::string to_wire(const Response& response) {
    std::string wire = "HTTP/1.1 " + std::to_string(response.status) + " \r\n";
    for (const auto& [name, value] : response.headers) {
        if (!says_how_the_body_ends(name)) wire += name + ": " + value + "\r\n";
    }
    return wire + "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" +
           response.body;
}

void check_response(const Read& read) {
    const Response& response = read.response;
    check(response.status >= 200 && response.status <= 999, "interim answers are passed over");
    check(response.body.size() <= max_body_bytes, "no body is longer than allowed");
    check(response.body.empty() || (response.status != 204 && response.status != 304),
          "these have no body");
    for (const auto& [name, value] : response.headers) {
        check(name == lower_case(name), "header names are in lower case");
        check(value == trimmed(value), "there is no white space around values");
    }
    check(!read.keeps_connection || read.while_open == State::Complete,
          "a connection that ended is not kept");
}

void check_round_trip(const Response& response) {
    const auto again = http_response::read(to_wire(response), 100'000);
    check(again.while_open == State::Complete && again.response.body == response.body,
          "the simplest spelling of an answer is read as the same");
    const auto rest_of = [](http::Pairs headers) {
        std::erase_if(headers, [](const auto& pair) { return says_how_the_body_ends(pair.first); });
        return headers;
    };
    check(rest_of(again.response.headers) == rest_of(response.headers), "so are its headers");
}

}  // namespace

void one_input(ByteView input) {
    if (input.empty()) return;
    const std::string_view wire = text_of(input.subspan(1));
    const Read whole = read(wire, std::max<std::size_t>(wire.size(), 1));
    for (std::size_t size : {std::size_t{1}, std::size_t{1} + input[0]}) {
        check(read(wire, size) == whole, "what is read does not depend on how it arrives");
    }
    if (whole.state != State::Complete) return;
    check_response(whole);
    check_round_trip(whole.response);
}

}  // namespace redoubt::fuzz::http_response
