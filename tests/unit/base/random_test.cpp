// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace redoubt::test {
namespace {

TEST(FillWithRandom, FillsAllOfItAndNeverTheSame) {
    std::set<Bytes> seen;
    for (const std::size_t size : {16U, 300U, 5000U}) {  // beyond 256, one call may give less
        for (int i = 0; i < 50; ++i) {
            Bytes bytes(size);
            fill_with_random(bytes);
            // Sixteen zeros in a row: once in 2^128.
            EXPECT_FALSE(
                std::ranges::all_of(ByteView(bytes).last(16), [](Byte b) { return b == 0; }));
            EXPECT_TRUE(seen.insert(bytes).second);
        }
    }
    fill_with_random({});
}

TEST(FillWithRandom, SetsEachBitHalfOfTheTime) {
    Bytes bytes(12 * 4096);
    fill_with_random(bytes);
    for (std::size_t bit = 0; bit < 96; ++bit) {
        int ones = 0;
        for (std::size_t row = 0; row < 4096; ++row) {
            ones += bytes[row * 12 + bit / 8] >> (bit % 8) & 1;
        }
        EXPECT_NEAR(ones, 2048, 10 * 32) << bit;  // ten standard deviations
    }
}

}  // namespace
}  // namespace redoubt::test
