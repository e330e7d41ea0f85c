// SPDX-License-Identifier: Apache-2.0
#include <backup/bech32.hpp>

#include <gtest/gtest.h>

#include <string>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

// The specification's own example (https://c2sp.org/age).
constexpr std::string_view text = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

std::optional<ByteArray<32>> read(std::string_view letters) {
    return backup::from_bech32("age", letters);
}

TEST(Bech32, ReadsTheSpecificationsExample) {
    const auto bytes = read(text);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(to_hex(*bytes), "132c442be010fbd57e72603328aa76e71fccc1503aae219327d14d9c9993f472");
}

TEST(Bech32, SeesEachCharacterThatIsChanged) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string changed(text);
        for (int c = 0; c < 256; ++c) {
            changed[i] = static_cast<char>(c);
            EXPECT_EQ(read(changed).has_value(), changed == text) << changed;
        }
    }
}

TEST(Bech32, IsOfOneLength) {
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_FALSE(read(text.substr(0, size))) << size;
    }
    EXPECT_FALSE(read(std::string(text).append(1, 'q')));
    // Of 31 and of 33 bytes, with right checksums.
    EXPECT_FALSE(read("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn7s3pqez7"));
    EXPECT_FALSE(read("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73eqqhruuh4"));
}

TEST(Bech32, HasOneSpellingForEachValue) {
    std::string upper(text);
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_FALSE(read(upper));
    // The four bits that fill the last letter are not zero; the checksum is right.
    EXPECT_FALSE(read("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73epp9g8nq"));
    EXPECT_FALSE(read(std::string(1, ' ').append(text)));
    EXPECT_FALSE(read(std::string(text).append(1, '\n')));
}

TEST(Bech32, IsOfThePrefixThatIsAskedFor) {
    // With right checksums, and prefixes of their own.
    EXPECT_FALSE(read("agf1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73eq5w9aqe"));
    EXPECT_FALSE(
        read("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"));
    EXPECT_FALSE(
        read("age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex"));
    EXPECT_TRUE(backup::from_bech32(
        "age-secret-key-",
        "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex"));
}

}  // namespace
}  // namespace redoubt::test
