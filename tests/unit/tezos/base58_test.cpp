// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/base58.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace redoubt::test {
namespace {

TEST(Base58, LeadingZeroBytesAreOnes) {
    for (std::size_t zeros = 0; zeros < 6; ++zeros) {
        Bytes bytes(zeros, 0);
        bytes.push_back(0x5a);
        const std::string text = tezos::to_base58check(bytes);
        EXPECT_EQ(text.find_first_not_of('1'), zeros);
        EXPECT_EQ(tezos::from_base58check(text), bytes);
    }
}

TEST(Base58, EmptyBytesAreAChecksumAlone) {
    // SHA-256(SHA-256("")) begins with 5df6e0e2.
    EXPECT_EQ(tezos::to_base58check({}), "3QJmnh");
    EXPECT_EQ(tezos::from_base58check("3QJmnh"), Bytes());
}

TEST(Base58, OneWrongCharacterAnywhereIsRefused) {
    const std::string right = "tz1SodoUsWVe1Yey9eMFbqRUtNpBWfir5NRr";
    ASSERT_TRUE(tezos::from_base58check(right).has_value());
    for (std::size_t i = 0; i < right.size(); ++i) {
        for (const char other :
             {'1', '2', 'z', '0', 'O', 'I', 'l', '+', '/', ' ', '\0', '\x80', '\xff'}) {
            if (other == right[i]) continue;
            std::string wrong = right;
            wrong[i] = other;
            EXPECT_EQ(tezos::from_base58check(wrong), std::nullopt) << wrong;
        }
    }
}

TEST(Base58, ShorterOrLongerIsRefused) {
    const std::string right = "NetXdQprcVkpaWU";
    for (const std::string& wrong :
         {right.substr(1), right.substr(0, right.size() - 1), "1" + right, right + "1",
          right + right, right + "\n", " " + right}) {
        EXPECT_EQ(tezos::from_base58check(wrong), std::nullopt) << wrong;
    }
}

TEST(Base58, TextsLongerThanAnyThatIsReadAreRefusedUnread) {
    // A valid text of 143 characters: 100 bytes are 143 or 142 of them with the checksum.
    Bytes bytes(100, 0xff);
    std::string valid = tezos::to_base58check(bytes);
    while (valid.size() <= tezos::max_base58_length) {
        bytes.push_back(0xff);
        valid = tezos::to_base58check(bytes);
    }
    ASSERT_EQ(valid.size(), tezos::max_base58_length + 1);
    EXPECT_EQ(tezos::from_base58check(valid), std::nullopt);
    bytes.pop_back();
    const std::string longest = tezos::to_base58check(bytes);
    EXPECT_LE(longest.size(), tezos::max_base58_length);
    EXPECT_EQ(tezos::from_base58check(longest), bytes);
}

TEST(Base58, BombsCostNothing) {
    const std::string bomb(10'000'000, 'z');
    const auto started = std::chrono::steady_clock::now();
    EXPECT_EQ(tezos::from_base58check(bomb), std::nullopt);
    EXPECT_EQ(tezos::from_base58check(std::string(10'000'000, '1')), std::nullopt);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(1));
}

}  // namespace
}  // namespace redoubt::test
