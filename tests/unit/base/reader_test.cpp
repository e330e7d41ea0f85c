// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/reader.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

const Bytes eight = {0x01, 0x02, 0x03, 0x04, 0xff, 0xfe, 0xfd, 0xfc};

TEST(Reader, ReadsBigEndian) {
    Reader reader(eight);
    EXPECT_EQ(reader.u8(), 0x01);
    EXPECT_EQ(reader.u16(), 0x0203);
    EXPECT_EQ(reader.u8(), 0x04);
    EXPECT_EQ(reader.u32(), 0xfffefdfcU);
    EXPECT_TRUE(reader.complete());
}

TEST(Reader, WhatIsLeftIsNotComplete) {
    Reader reader(eight);
    EXPECT_EQ(reader.array<6>(), (ByteArray<6>{0x01, 0x02, 0x03, 0x04, 0xff, 0xfe}));
    EXPECT_FALSE(reader.complete());
    EXPECT_FALSE(reader.failed());
    EXPECT_EQ(reader.rest().size(), 2U);
    EXPECT_EQ(reader.take(2)[1], 0xfc);
    EXPECT_TRUE(reader.complete());
}

TEST(Reader, StaysFailedAfterOneByteTooMany) {
    Reader reader(eight);
    reader.take(5);
    EXPECT_EQ(reader.u32(), 0U);
    EXPECT_TRUE(reader.failed());
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_EQ(reader.array<3>(), ByteArray<3>{});
    EXPECT_TRUE(reader.take(0).empty());
    EXPECT_TRUE(reader.rest().empty());
    EXPECT_FALSE(reader.complete());
}

TEST(Reader, ALyingLengthReadsNothing) {
    Reader reader(eight);
    EXPECT_TRUE(reader.take(std::size_t{0} - 1).empty());
    EXPECT_TRUE(reader.failed());
}

TEST(Reader, NothingIsCompleteAtOnce) {
    Reader reader({});
    EXPECT_TRUE(reader.complete());
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_FALSE(reader.complete());
}

}  // namespace
}  // namespace redoubt::test
