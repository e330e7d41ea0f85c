// SPDX-License-Identifier: Apache-2.0
#include "aws_answer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <stdexcept>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::test {

std::string http_date(WallTime time) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    return {text.data(),
            std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

http::Response aws_answer(int status, const Json& body, WallTime date) {
    const std::string text = dump(body);
    return {
        status,
        {{"date", http_date(date)}, {"x-amz-crc32", std::to_string(crypto::crc32(bytes_of(text)))}},
        text};
}

http::Response aws_error(int status, const std::string& code, WallTime date, const Json& more) {
    Json body = {{"__type", code}, {"message", "what the service says"}};
    body.update(more);
    return aws_answer(status, body, date);
}

Json body_of(const http::ClientRequest& call) {
    auto body = parse_json(call.body);
    if (!body) throw std::runtime_error("no JSON: " + call.body);
    return std::move(*body);
}

std::string header_of(const http::ClientRequest& call, std::string_view name) {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    };
    for (const auto& [key, value] : call.headers) {
        if (std::ranges::equal(key, name, same)) return value;
    }
    return {};
}

}  // namespace redoubt::test
