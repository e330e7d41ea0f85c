// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include <redoubt/aws/sigv4.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>

/// AWS's published signing suite. What it has about S3 and about normalising paths is named in the
/// file with the reason why it does not concern a client that only sends `POST /`.
namespace redoubt::test {
namespace {

namespace sigv4 = aws::sigv4;

Json suite() {
    std::ifstream file(REDOUBT_VECTORS "/sigv4/suite.json", std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(file), {});
    return parse_json(content).value();
}

/// A request of the suite: request line, headers (some on several lines), empty line, body.
class RequestText {
public:
    explicit RequestText(std::string_view text) {
        const std::string line = take_line(text);
        const std::size_t first = line.find(' '), last = line.rfind(' ');
        message.method = line.substr(0, first);
        read_target(line.substr(first + 1, last - first - 1));
        while (!text.empty()) {
            const std::string header = take_line(text);
            if (header.empty()) break;
            read_header(header);
        }
        message.body = text;
    }

    sigv4::Message message;

private:
    static std::string take_line(std::string_view& text) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        return line;
    }
    void read_target(const std::string& target) {
        const std::size_t mark = std::min(target.find('?'), target.size());
        message.path = percent_decode(target.substr(0, mark)).value();
        std::string_view rest = std::string_view(target).substr(std::min(mark + 1, target.size()));
        while (!rest.empty()) {
            const std::string_view part = rest.substr(0, rest.find('&'));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
            const std::size_t equals = std::min(part.find('='), part.size());
            message.query.emplace_back(
                percent_decode(part.substr(0, equals)).value(),
                percent_decode(part.substr(std::min(equals + 1, part.size()))).value());
        }
    }
    void read_header(const std::string& line) {
        if (line.front() == ' ') {
            message.headers.back().second += "\n" + line;
            return;
        }
        const std::size_t colon = line.find(':');
        message.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
};

/// 2015-08-30T12:36:00Z, at which all of the suite is signed.
constexpr WallTime suite_time{std::chrono::seconds(1'440'938'160)};

void check(const Json& row) {
    const Json& context = row.at("context");
    ASSERT_EQ(context.at("timestamp"), "2015-08-30T12:36:00Z");
    ASSERT_EQ(context.at("normalize"), true);
    ASSERT_EQ(context.at("sign_body"), false);
    const sigv4::Scope scope{suite_time, context.at("region"), context.at("service")};
    const Json& keys = context.at("credentials");

    RequestText request(row.at("request").get_ref<const std::string&>());
    request.message.headers.emplace_back("X-Amz-Date", sigv4::amz_date(suite_time));
    if (keys.contains("token") && !context.value("omit_session_token", false)) {
        request.message.headers.emplace_back("X-Amz-Security-Token", keys.at("token"));
    }
    const std::string canonical = sigv4::canonical_request(request.message);
    EXPECT_EQ(row.at("canonical_request"), canonical);
    const std::string to_sign = sigv4::string_to_sign(scope, canonical);
    EXPECT_EQ(row.at("string_to_sign"), to_sign);
    const std::string secret = keys.at("secret_access_key");
    EXPECT_EQ(row.at("signature"), sigv4::signature(sigv4::signing_key(scope, secret), to_sign));
    const aws::Credentials credentials{keys.at("access_key_id"), Secret(secret), Secret()};
    const std::string header = sigv4::authorization(request.message, scope, credentials);
    EXPECT_TRUE(header.ends_with("Signature=" + row.at("signature").get<std::string>())) << header;
}

TEST(SigV4Suite, EveryCaseThatConcernsUsIsSignedAsPublished) {
    const Json document = suite();
    ASSERT_FALSE(document.at("cases").empty());
    for (const Json& row : document.at("cases")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        check(row);
    }
}

TEST(SigV4Suite, WhatIsLeftOutIsNamedWithAReason) {
    const Json document = suite();
    std::set<std::string> names;
    for (const Json& row : document.at("cases")) names.insert(row.at("name"));
    for (const Json& row : document.at("excluded")) {
        EXPECT_FALSE(row.at("reason").get<std::string>().empty());
        names.insert(row.at("name"));
    }
    EXPECT_EQ(names.size(), document.at("cases").size() + document.at("excluded").size());
}

}  // namespace
}  // namespace redoubt::test
