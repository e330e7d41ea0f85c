// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/encoding.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

Bytes plain(std::string_view text) {
    const ByteView bytes = bytes_of(text);
    return {bytes.begin(), bytes.end()};
}

TEST(Hex, WritesLowerCaseAndReadsBoth) {
    EXPECT_EQ(to_hex(Bytes{0x00, 0x0f, 0xa5, 0xff}), "000fa5ff");
    EXPECT_EQ(to_hex({}), "");
    EXPECT_EQ(from_hex("000fA5fF"), (Bytes{0x00, 0x0f, 0xa5, 0xff}));
    EXPECT_EQ(from_hex(""), Bytes());
}

TEST(Hex, RefusesWhatIsNoHex) {
    for (const std::string text : {"0", "000", "0g", "g0", " 00", "00 ", "0x00", "00\n", "0:", "/0",
                                   "@0", "`0", "-1", "\xc3\xa9"}) {
        EXPECT_EQ(from_hex(text), std::nullopt) << text;
    }
    EXPECT_EQ(from_hex(std::string_view("0\0", 2)), std::nullopt);
}

TEST(Base64, ReadsAndWritesRfc4648) {
    struct Row {
        std::string bytes, text;
    };
    // RFC 4648, section 10.
    for (const Row& row :
         {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"},
          Row{"foob", "Zm9vYg=="}, Row{"fooba", "Zm9vYmE="}, Row{"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(to_base64(bytes_of(row.bytes)), row.text);
        EXPECT_EQ(from_base64(row.text), plain(row.bytes));
    }
    EXPECT_EQ(to_base64(Bytes{0xfb, 0xff, 0xfe}), "+//+");
    EXPECT_EQ(from_base64("+//+"), (Bytes{0xfb, 0xff, 0xfe}));
}

TEST(Base64, LongTextsHaveNoLineBreaks) {
    for (std::size_t size = 0; size < 300; ++size) {
        Bytes bytes(size);
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(i * 7 + size);
        const std::string text = to_base64(bytes);
        EXPECT_EQ(text.size(), (size + 2) / 3 * 4);
        EXPECT_EQ(text.find('\n'), std::string::npos);
        EXPECT_EQ(from_base64(text), bytes);
    }
}

TEST(Base64, RefusesEveryOtherSpelling) {
    struct Row {
        std::string name, text;
    };
    for (const Row& row :
         {Row{"no padding", "Zg"}, Row{"half the padding", "Zg="}, Row{"too much padding", "Zg==="},
          Row{"padding alone", "===="}, Row{"a whole group of padding more", "Zg======"},
          Row{"padding in the middle", "Zg==Zm9v"}, Row{"bits below the last byte", "Zh=="},
          Row{"bits below the last two bytes", "Zm9="}, Row{"line break inside", "Zm9v\nYmFy"},
          Row{"line break at the end", "Zm9v\n"}, Row{"space", "Zm9v YmF"},
          Row{"spaces for a group", "Zm9v    "}, Row{"url alphabet", "-__-"},
          Row{"other characters", "Zm9*"}, Row{"brace, beyond the alphabet", "Zm9{"},
          Row{"high bit", "Zm9\xff"}, Row{"one character", "Z"}, Row{"three characters", "Zm9"}}) {
        EXPECT_EQ(from_base64(row.text), std::nullopt) << row.name;
    }
    EXPECT_EQ(from_base64(std::string_view("Zm9\0", 4)), std::nullopt);
}

TEST(PercentDecoding, UndoesEscapes) {
    EXPECT_EQ(percent_decode("/keys/tz1%2fx%2Fy"), "/keys/tz1/x/y");
    EXPECT_EQ(percent_decode("%41%e1%88%B4%00"), std::string("A\xe1\x88\xb4\0", 5));
    EXPECT_EQ(percent_decode("a+b"), "a+b");
    EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
    EXPECT_EQ(percent_decode("%2541"), "%41");
    EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecoding, RefusesBrokenEscapes) {
    for (const std::string text : {"%", "%4", "a%", "%4g", "%g4", "%%41", "% 1", "%-1", "%4%41"}) {
        EXPECT_EQ(percent_decode(text), std::nullopt) << text;
    }
}

TEST(Base64OfSecrets, IsWrittenAndReadAsThatOfOthers) {
    Bytes bytes;
    for (std::size_t size = 0; size < 70; ++size) {
        std::string text = "before ";
        append_base64(text, bytes);
        const std::string expected = to_base64(bytes);
        EXPECT_EQ(text, "before " + expected);
        EXPECT_EQ(base64_size(size), expected.size());
        EXPECT_EQ(base64_bytes(expected), size);
        Bytes read(size);
        EXPECT_TRUE(read_base64(expected, read)) << expected;
        EXPECT_EQ(read, bytes);
        bytes.push_back(static_cast<Byte>(size * 37 + 200));
    }
}

TEST(Base64OfSecrets, IsReadInOneSpellingAndSizeOnly) {
    Bytes two(2), three(3);
    EXPECT_TRUE(read_base64("Zm8=", two));
    for (const std::string text : {"", "Zm8", "Zm8==", "Zm9=", "Zm8=\n", " Zm8=", "Zm8 ", "Zm9v",
                                   "Zg==", "Zm-=", "Zm8=Zm8=", "=Zm8", "Z=m8"}) {
        EXPECT_FALSE(read_base64(text, two)) << text;
    }
    EXPECT_TRUE(read_base64("Zm9v", three));
    for (const std::string text : {"Zm8=", "Zm9vYg==", "Zm9_", "Z\xc3\xa9v"}) {
        EXPECT_FALSE(read_base64(text, three)) << text;
    }
}

}  // namespace
}  // namespace redoubt::test
