// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/nfkd.hpp>

#include <gtest/gtest.h>

#include <string>

namespace redoubt::test {
namespace {

std::string normal(std::string_view given) {
    const auto made = nfkd(given);
    return made ? std::string(text_of(made->view())) : "refused";
}

/// Each character that it changes is compared with Python's in tests/contract/test_unicode.py.
TEST(Nfkd, TakesCharactersApart) {
    EXPECT_EQ(normal(""), "");
    EXPECT_EQ(normal("plain ASCII\x7f\x01"), "plain ASCII\x7f\x01");
    EXPECT_EQ(normal("Zürich été"), "Zu\u0308rich e\u0301te\u0301");
    EXPECT_EQ(normal("\U0001d531\U0001d522\U0001d530\U0001d531\U0001f511"), "test\U0001f511");
    EXPECT_EQ(normal("\u2460\ufb03\u3000\u2167"), "1ffi VIII");
    EXPECT_EQ(normal("\ufdfa").size(), 33U) << "eighteen characters, the most";
}

TEST(Nfkd, TakesHangulApart) {
    EXPECT_EQ(normal("\uac00"), "\u1100\u1161");
    EXPECT_EQ(normal("\ud7a3"), "\u1112\u1175\u11c2");
    EXPECT_EQ(normal("\uabff\ud7a4"), "\uabff\ud7a4") << "their neighbours";
}

TEST(Nfkd, OrdersWhatCombines) {
    // Below (220) comes before above (230), and those of one class stay as they are.
    EXPECT_EQ(normal("a\u0301\u0316"), "a\u0316\u0301");
    EXPECT_EQ(normal("a\u0301\u0300\u0316"), "a\u0316\u0301\u0300");
    EXPECT_EQ(normal("\u1e69"), "s\u0323\u0307");
    EXPECT_EQ(normal("a\u0301b\u0316"), "a\u0301b\u0316") << "not across a letter";
}

TEST(Nfkd, IsOfUtf8Alone) {
    using namespace std::string_view_literals;
    for (const std::string_view wrong :
         {"\x80"sv, "\xff"sv, "\xc3"sv, "\xc3\x28"sv, "\xe2\x82"sv, "a\xf0\x9f\x94"sv,
          "\xc0\xaf"sv /* a longer form */, "\xe0\x80\xaf"sv, "\xf0\x80\x80\xaf"sv,
          "\xed\xa0\x80"sv /* a surrogate */, "\xf4\x90\x80\x80"sv /* above U+10FFFF */,
          "\xf8\x88\x80\x80\x80"sv}) {
        EXPECT_EQ(normal(wrong), "refused") << wrong;
    }
    EXPECT_EQ(normal("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf") << "U+10FFFF";
    EXPECT_EQ(normal("\0a"sv), "\0a"sv);
}

TEST(Nfkd, IsOfShortTexts) {
    EXPECT_EQ(normal(std::string(max_nfkd_input, 'x')).size(), max_nfkd_input);
    EXPECT_EQ(normal(std::string(max_nfkd_input + 1, 'x')), "refused");
    // What grows most, and what takes longest to order, at full length.
    std::string longest, marks;
    while (longest.size() + 3 <= max_nfkd_input) longest += "\ufdfa";
    while (marks.size() + 4 <= max_nfkd_input) marks += "\u0301\u0316";
    EXPECT_EQ(normal(longest).size(), longest.size() * 11);
    EXPECT_EQ(normal(marks).substr(0, 4), "\u0316\u0316");
}

}  // namespace
}  // namespace redoubt::test
