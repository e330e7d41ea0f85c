// SPDX-License-Identifier: Apache-2.0
#include <redoubt/access/token.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

#include <gtest/gtest.h>

#include <set>

namespace redoubt::test {
namespace {

using access::Carrier;

const std::string some_id = "00112233445566ff";
const std::string some_secret = "AbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_7";
const std::string some_token = "rdt_" + some_id + "_" + some_secret;
const std::string some_path = "/api/v1/eth2/publicKeys";

std::string basic_header(const std::string& text) { return "Basic " + to_base64(bytes_of(text)); }

/// What came of it: the code, or where the token was.
std::string reading_of(const std::string& at, const std::string& authorization) {
    const auto read = access::read_token(at, authorization);
    if (!read) return std::string(name(read.error().code));
    EXPECT_EQ(read->token.id.text(), some_id);
    EXPECT_EQ(read->token.hash, crypto::sha256(bytes_of(some_secret)));
    return (read->token.carrier == Carrier::Path ? "path " : "header ") + std::string(read->path);
}

TEST(Token, IsReadInEachOfItsThreeForms) {
    EXPECT_EQ(reading_of(some_path, "Bearer " + some_token), "header " + some_path);
    EXPECT_EQ(reading_of(some_path, "bEARER   " + some_token + " "), "header " + some_path);
    EXPECT_EQ(reading_of(some_path, basic_header("anybody:" + some_token)), "header " + some_path);
    EXPECT_EQ(reading_of(some_path, basic_header(":" + some_token)), "header " + some_path);
    EXPECT_EQ(reading_of("/t/" + some_token + some_path, ""), "path " + some_path);
    EXPECT_EQ(reading_of("/t/" + some_token, ""), "path /");
    EXPECT_EQ(reading_of("/t/" + some_token + "/", ""), "path /");
    EXPECT_EQ(reading_of("/t/" + some_token + "//upcheck", ""), "path //upcheck")
        << "no other spelling";
}

TEST(Token, ThatOfThePathDecidesWhateverTheHeaderSays) {
    const std::string other = "Bearer rdt_ffffffffffffffff_" + std::string(43, 'A');
    EXPECT_EQ(reading_of("/t/" + some_token + some_path, other), "path " + some_path);
    EXPECT_EQ(reading_of("/t/" + some_token + some_path, "Bearer nonsense"), "path " + some_path);
    EXPECT_EQ(reading_of("/t/nonsense" + some_path, "Bearer " + some_token), "token_invalid");
    EXPECT_EQ(reading_of("/t/", "Bearer " + some_token), "token_invalid");
    EXPECT_EQ(reading_of("/t", "Bearer " + some_token), "header /t");
    EXPECT_EQ(reading_of("/T/" + some_token, "Bearer " + some_token), "header /T/" + some_token);
}

TEST(Token, IsMissingWhereNoneIsGivenToUs) {
    for (const std::string header :
         {"", " ", "Digest x", "Bearer2 x", "AWS4-HMAC-SHA256 Credential=x", "rdt_", "Negotiate"}) {
        EXPECT_EQ(reading_of(some_path, header), "token_missing") << header;
    }
    EXPECT_EQ(reading_of(some_path, some_token), "token_missing") << "without a scheme";
}

/// Each differs from the token in one thing.
std::vector<std::string> malformed_tokens() {
    const auto with = [](std::size_t at, char c) {
        std::string text = some_token;
        text.at(at) = c;
        return text;
    };
    return {"",
            "rdt_",
            some_token.substr(0, some_token.size() - 1),
            some_token + "A",
            some_token + "=",
            "x" + some_token,
            some_token.substr(1),
            with(0, 'R'),
            with(3, '-'),
            with(4, 'g'),
            with(18, 'F'),
            with(19, 'A'),
            with(20, '-'),
            with(20, '0'),
            with(30, '+'),
            with(30, '/'),
            with(30, '.'),
            with(30, '='),
            with(30, ' '),
            with(30, '\0'),
            with(30, '\xc3'),
            with(30, '%'),
            "rdt_" + some_id + some_secret + "_",
            "rdt_" + some_secret + "_" + some_id,
            "rdt_" + some_id + "_" + some_id,
            some_token + ",Bearer " + some_token,
            some_token + " " + some_token,
            "\"" + some_token + "\"",
            "token=" + some_token,
            std::string(100'000, 'a')};
}

TEST(Token, OfAnyOtherFormIsInvalidInWhateverPlace) {
    for (const std::string& text : malformed_tokens()) {
        EXPECT_EQ(reading_of(some_path, "Bearer " + text), "token_invalid") << text.substr(0, 100);
        EXPECT_EQ(reading_of(some_path, basic_header("user:" + text)), "token_invalid")
            << text.substr(0, 100);
        if (text.contains('/')) continue;
        EXPECT_EQ(reading_of("/t/" + text + some_path, ""), "token_invalid") << text.substr(0, 100);
    }
}

TEST(Token, OfBasicIsThePasswordInCanonicalBase64) {
    const std::string right = basic_header("user:" + some_token).substr(6);
    ASSERT_EQ(reading_of(some_path, "Basic " + right), "header " + some_path);
    EXPECT_EQ(reading_of(some_path, "basic  " + right), "header " + some_path);
    for (const std::string& encoded :
         {right + "=", right.substr(0, right.size() - 1), right + "AAAA", "=" + right, "*" + right,
          right + " " + right, some_token}) {
        EXPECT_EQ(reading_of(some_path, "Basic " + encoded), "token_invalid") << encoded;
    }
    for (const std::string& text :
         {some_token, "user" + some_token, some_token + ":", some_token + ":user",
          "user::" + some_token, "a:b:" + some_token, "user:" + some_token + "\n",
          std::string(600, 'u') + ":" + some_token}) {
        EXPECT_EQ(reading_of(some_path, basic_header(text)), "token_invalid") << text;
    }
    const std::string longest(512 - 1 - some_token.size(), 'u');
    EXPECT_EQ(reading_of(some_path, basic_header(longest + ":" + some_token)),
              "header " + some_path);
    EXPECT_EQ(reading_of(some_path, basic_header("uuuu" + longest + ":" + some_token)),
              "token_invalid");
}

TEST(Token, NoRefusalRepeatsIt) {
    for (const std::string& text : malformed_tokens()) {
        if (text.size() < 20) continue;
        const auto refused = access::read_token("/t/" + text + "=", "Bearer " + text);
        ASSERT_FALSE(refused);
        EXPECT_FALSE(refused.error().message.contains(some_secret.substr(0, 9)));
        EXPECT_TRUE(refused.error().detail.empty());
    }
}

TEST(Token, ThatIsMadeIsReadAgainAndNoneIsMadeTwice) {
    std::set<std::string> ids;
    std::set<std::string> texts;
    std::string last;
    for (int i = 0; i < 200; ++i) {
        const access::NewToken made = access::make_token();
        const std::string text(made.text.expose());
        ASSERT_EQ(text.size(), some_token.size());
        const auto read = access::read_token("/", "Bearer " + text);
        ASSERT_TRUE(read) << "one that was made is of the form";
        EXPECT_EQ(read->token.id, made.id);
        EXPECT_EQ(read->token.hash, made.hash);
        ids.insert(made.id.text());
        texts.insert(text.substr(text.size() - 43));
        last += text.back();
    }
    EXPECT_EQ(ids.size(), 200U);
    EXPECT_EQ(texts.size(), 200U);
    EXPECT_GT(std::set<char>(last.begin(), last.end()).size(), 12U) << "of the 16 that there are";
}

TEST(TokenId, HasOneSpelling) {
    EXPECT_EQ(access::TokenId::parse(some_id).value().text(), some_id);
    for (const std::string text : {"", "00112233445566f", "00112233445566fff", "00112233445566FF",
                                   "0x112233445566ff", "00112233445566f/", " 0112233445566ff"}) {
        EXPECT_FALSE(access::TokenId::parse(text)) << text;
    }
}

}  // namespace
}  // namespace redoubt::test
