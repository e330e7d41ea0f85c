// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

#include "system_calls.hpp"

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

TEST(FillWithRandom, TakesWhatTheKernelGivesHoweverLittle) {
    const auto whole = ascending_source();
    int calls = 0;
    const RandomSource in_parts = [&](std::span<Byte> bytes) -> ssize_t {
        ++calls;
        if (calls % 2 == 1) {
            errno = EINTR;  // a signal
            return -1;
        }
        return whole(bytes.first(std::min<std::size_t>(bytes.size(), 7)));
    };
    Bytes bytes(32);
    with_random(in_parts, [&] { fill_with_random(bytes); });
    EXPECT_EQ(bytes, ascending(0, 32));
    EXPECT_EQ(calls, 10);
}

TEST(FillWithRandom, ThrowsIfTheKernelGivesNone) {
    Bytes bytes(32);
    for (const ssize_t answer : {ssize_t{-1}, ssize_t{0}}) {
        const RandomSource none = [&](std::span<Byte> /*bytes*/) {
            errno = ENOSYS;
            return answer;
        };
        with_random(none, [&] { EXPECT_THROW(fill_with_random(bytes), std::system_error); });
    }
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
