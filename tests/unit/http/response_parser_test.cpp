// SPDX-License-Identifier: Apache-2.0
#include <redoubt/http/response_parser.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

using http::ResponseParser;
using State = ResponseParser::State;

constexpr std::size_t max_body = 100;

/// Fed in pieces of `size`; the body, or why there is none.
std::string body_of(std::string_view text, std::size_t size) {
    ResponseParser reader(max_body);
    auto state = State::Incomplete;
    while (!text.empty() && state == State::Incomplete) {
        state = reader.take(text.substr(0, size));
        text.remove_prefix(std::min(size, text.size()));
    }
    if (state == State::Incomplete) state = reader.end();
    return state == State::Complete ? reader.take_response().body : "(broken)";
}

void expect_body(std::string_view text, std::string_view body) {
    for (std::size_t size = 1; size <= text.size(); ++size) {
        EXPECT_EQ(body_of(text, size), body) << text << " in pieces of " << size;
    }
}

TEST(ResponseParser, ReadsABodyOfAKnownLength) {
    expect_body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello");
    expect_body("HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", "");
    expect_body("HTTP/1.1 204 No Content\r\n\r\n", "");
}

TEST(ResponseParser, ReadsChunks) {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect_body(head + "3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\n\r\n", "hello");
    expect_body(head + "A\r\n0123456789\r\n0\r\nTrailer: yes\r\n\r\n", "0123456789");
    expect_body(head + "3\r\nhello\r\n0\r\n\r\n", "(broken)");
    expect_body(head + "x\r\nhel\r\n0\r\n\r\n", "(broken)");
    expect_body(head + "3\r\nhel\r\n", "(broken)");
    expect_body(head + "ffffffffffffffff\r\nhel\r\n", "(broken)");
    expect_body(head + std::string(300, '0'), "(broken)");
}

TEST(ResponseParser, ReadsUntilTheEndIfNothingElseIsSaid) {
    expect_body("HTTP/1.1 200 OK\r\n\r\nhello", "hello");
}

TEST(ResponseParser, PassesOverInterimAnswers) {
    expect_body(
        "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
        "2\r\n\r\nhi",
        "hi");
}

TEST(ResponseParser, GivesStatusAndHeaders) {
    ResponseParser reader(max_body);
    ASSERT_EQ(reader.take("HTTP/1.1 413 Too Large\r\nX-One:  a b \r\nX-ONE: c\r\nEmpty:\r\n"
                          "Content-Length: 0\r\n\r\n"),
              State::Complete);
    const http::Response response = reader.take_response();
    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(
        response.headers,
        (http::Pairs{{"x-one", "a b"}, {"x-one", "c"}, {"empty", ""}, {"content-length", "0"}}));
}

TEST(ResponseParser, RefusesWhatIsNoAnswer) {
    for (const char* text :
         {"HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
          "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
          "HTTP/1.1 200 OK\r\n: no name\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 200 OK\r\n", ""}) {
        expect_body(text, "(broken)");
    }
}

TEST(ResponseParser, HasLimits) {
    expect_body("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'),
                "(broken)");
    expect_body("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'), "(broken)");
    EXPECT_EQ(body_of("HTTP/1.1 200 OK\r\nLong: " + std::string(70'000, 'x'), 4096), "(broken)");
}

TEST(ResponseParser, HasTheSameLimitsHoweverAnAnswerArrives) {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const auto with_extension = [&](std::size_t size) {
        return head + "3;" + std::string(size, 'x') + "\r\nhel\r\n0\r\n\r\n";
    };
    expect_body(with_extension(252), "hel");
    expect_body(with_extension(253), "(broken)");
    const std::string long_head = "HTTP/1.1 204 No\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n";
    EXPECT_EQ(body_of(long_head, 1000), "(broken)");
    EXPECT_EQ(body_of(long_head, long_head.size()), "(broken)");
}

TEST(ResponseParser, SaysWhetherTheConnectionIsKept) {
    const auto keeps = [](std::string_view text) {
        ResponseParser reader(max_body);
        if (reader.take(text) == State::Incomplete) static_cast<void>(reader.end());
        return reader.keeps_connection();
    };
    EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
    EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK"));
}

TEST(ResponseParser, TakesNoEndlessAnswer) {
    for (const auto& [begin, more] : std::vector<std::pair<std::string, std::string>>{
             {"", "HTTP/1.1 100 Continue\r\n\r\n"},
             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "Trailer: value\r\n"},
             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
              "1;" + std::string(200, 'x') + "\r\na\r\n"}}) {
        ResponseParser reader(1000);
        ResponseParser::State state = reader.take(begin);
        for (int i = 0; i < 10'000 && state == ResponseParser::State::Incomplete; ++i) {
            state = reader.take(more);
        }
        EXPECT_EQ(state, ResponseParser::State::Broken) << more;
    }
}

}  // namespace
}  // namespace redoubt::test
