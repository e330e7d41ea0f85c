// SPDX-License-Identifier: Apache-2.0
#include <redoubt/io/answer_id.hpp>

#include <gtest/gtest.h>

#include <string>

namespace redoubt::test {
namespace {

using io::AnswerId;

TEST(AnswerId, KeepsWhatAwsSends) {
    for (const std::string id : {"107b3cac-b125-4556-9702-12a2b9afcff7", "a", "Z9-",
                                 "BT3QG7BTCNIF5E3AKKQ9R35R0NVV4KQNSO5AEMVJF66Q9ASUAAJG"}) {
        EXPECT_EQ(AnswerId(id).text(), id);
        EXPECT_FALSE(AnswerId(id).empty());
    }
    EXPECT_EQ(AnswerId(std::string(64, 'a')).text(), std::string(64, 'a'));
}

TEST(AnswerId, KeepsNothingElse) {
    EXPECT_TRUE(AnswerId().empty());
    EXPECT_TRUE(AnswerId("").empty());
    EXPECT_TRUE(AnswerId(std::string(65, 'a')).empty());
    for (int c = 0; c < 256; ++c) {
        const char byte = static_cast<char>(c);
        const bool is_part = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                             (byte >= '0' && byte <= '9') || byte == '-';
        EXPECT_EQ(AnswerId(std::string("a") + byte + "b").empty(), !is_part) << c;
    }
}

}  // namespace
}  // namespace redoubt::test
