// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/address.hpp>

#include <gtest/gtest.h>

#include <string>

#include <redoubt/base/text.hpp>

namespace redoubt::ethereum::test {
namespace {

/// EIP-55's own.
constexpr std::string_view examples[] = {
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"};

std::string refused_address(std::string_view text) {
    const auto address = parse_address(text);
    return address ? "accepted" : address.error().message;
}

TEST(AddressText, HasTheChecksumOfEip55) {
    for (std::string_view text : examples) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_text(*address), text);
        EXPECT_EQ(to_hex(address->bytes), lower_case(text.substr(2)));
    }
}

TEST(AddressText, WithAnotherLetterOrCaseIsRefused) {
    const std::string right(examples[5]);
    for (std::size_t i = 2; i < right.size(); ++i) {
        std::string wrong = right;
        wrong[i] = wrong[i] >= 'A'   ? static_cast<char>(wrong[i] ^ 0x20)
                   : wrong[i] == '0' ? '1'
                                     : '0';
        EXPECT_NE(refused_address(wrong).find("EIP-55"), std::string::npos) << wrong;
    }
    EXPECT_NE(refused_address(lower_case(right)).find("EIP-55"), std::string::npos);
}

TEST(AddressText, IsOf40Digits) {
    const std::string right(examples[5]), form = "the address is not `0x` and 40 hex digits";
    for (const std::string& wrong :
         {std::string(), right.substr(2), right.substr(0, 41), right + "0", "0X" + right.substr(2),
          " " + right, "0x" + right.substr(3) + "g"}) {
        EXPECT_EQ(refused_address(wrong), form) << wrong;
    }
    EXPECT_EQ(refused_address("0x" + std::string(40, '0')),
              "the address is zero, which is nobody's");
}

}  // namespace
}  // namespace redoubt::ethereum::test
