// SPDX-License-Identifier: Apache-2.0
#include <redoubt/sealed/shares.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <set>

#include "../base/system_calls.hpp"
#include "equipment.hpp"

namespace redoubt::sealed::test {
namespace {

template <class Check>
void for_each_threshold(Check check) {
    for (unsigned n = 1; n <= most_shares; ++n) {
        for (unsigned threshold = 1; threshold <= n; ++threshold) check(threshold, n);
    }
}

std::vector<const Share*> subset(const std::vector<Share>& shares, unsigned chosen) {
    std::vector<const Share*> some;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if ((chosen >> i & 1U) != 0) some.push_back(&shares[i]);
    }
    return some;
}

TEST(Shares, AnyThatAreEnoughGiveTheKeyAndFewerDoNot) {
    for_each_threshold([](unsigned threshold, unsigned n) {
        const WrapKey key = random_key();
        const auto shares = split(key, threshold, n).value();
        ASSERT_EQ(shares.size(), n);
        for (unsigned chosen = 1; chosen < 1U << n; ++chosen) {
            const auto count = static_cast<unsigned>(std::popcount(chosen));
            const bool gives_the_key = shown(value_at(0, subset(shares, chosen))) == shown(key);
            EXPECT_EQ(gives_the_key, count >= threshold) << threshold << " of " << n;
        }
    });
}

TEST(Shares, HavePlacesFromOneAndAreAsLongAsTheKey) {
    for_each_threshold([](unsigned threshold, unsigned n) {
        const auto shares = split(random_key(), threshold, n).value();
        for (unsigned i = 0; i < n; ++i) {
            EXPECT_EQ(shares[i].x, i + 1);
            EXPECT_EQ(shares[i].bytes.size(), WrapKey::size);
        }
    });
}

/// Fewer than the threshold fit any other key as well: of each there is a polynomial through them.
TEST(Shares, FewerThanTheThresholdSayNothing) {
    const WrapKey key = random_key();
    const auto shares = split(key, 3, 5).value();
    const WrapKey other = random_key();
    const Share at_zero{0, GuardedBytes::copy_of(KeyAccess::bytes(other))};
    const std::vector<const Share*> points = {&shares[1], &shares[4], &at_zero};
    const Share third{3, value_at(3, points)};
    EXPECT_EQ(shown(value_at(0, std::vector{&shares[1], &shares[4], &third})), shown(other));
}

/// Two splits of one key share no value, nor has one the same numbers for two powers or places.
TEST(Shares, AreDrawnAnewEachTime) {
    const WrapKey key = random_key();
    std::set<std::string> seen = {shown(key)};
    for (int i = 0; i < 100; ++i) {
        const auto shares = split(key, 3, 5).value();
        for (const Share& share : shares) {
            EXPECT_TRUE(seen.insert(shown(share.bytes)).second);
        }
    }
}

TEST(Shares, HaveTheKernelsBytesForAllCoefficients) {
    const WrapKey key = random_key();
    for_each_threshold([&](unsigned threshold, unsigned n) {
        std::vector<Share> shares;
        redoubt::test::with_random(redoubt::test::ascending_source(),
                                   [&] { shares = split(key, threshold, n).value(); });
        const Bytes coefficients = redoubt::test::ascending(0, (threshold - 1) * WrapKey::size);
        const auto expected = split_by(coefficients, key, n);
        ASSERT_EQ(shares.size(), expected.size());
        for (unsigned i = 0; i < n; ++i) {
            EXPECT_EQ(shown(shares[i].bytes), shown(expected[i].bytes));
        }
    });
}

/// Each of 256 values about as often, at each place: chi-square, by far not met if one were
/// missing.
TEST(Shares, TakeEachValueAlike) {
    const WrapKey key = random_key();
    std::map<Byte, int> counts;
    constexpr int splits = 2000;
    for (int i = 0; i < splits; ++i) {
        const auto shares = split(key, 2, 2).value();
        for (const Byte byte : shares[1].bytes.view()) ++counts[byte];
    }
    const double expected = splits * 32 / 256.0;
    double square = 0;
    for (unsigned value = 0; value < 256; ++value) {
        const double difference = counts[static_cast<Byte>(value)] - expected;
        square += difference * difference / expected;
    }
    EXPECT_LT(square, 255 + 10 * 22.6);  // ten standard deviations
}

TEST(Shares, AreTheKeyItselfIfOneIsEnough) {
    const WrapKey key = random_key();
    for (unsigned n = 1; n <= most_shares; ++n) {
        const auto shares = split(key, 1, n).value();
        for (const Share& share : shares) EXPECT_EQ(shown(share.bytes), shown(key));
    }
}

TEST(Shares, AreRefusedForAThresholdThatCanNotBe) {
    const WrapKey key = random_key();
    for (unsigned n = 0; n <= 8; ++n) {
        for (unsigned threshold = 0; threshold <= 8; ++threshold) {
            const bool can_be = n >= 1 && n <= 5 && threshold >= 1 && threshold <= n;
            const auto shares = split(key, threshold, n);
            EXPECT_EQ(shares.has_value(), can_be) << threshold << " of " << n;
            if (!shares) {
                EXPECT_EQ(shares.error().code, Code::BadRequest);
            }
        }
    }
    EXPECT_FALSE(split(key, 1, 256));
    EXPECT_FALSE(split(key, 257, 257));
}

}  // namespace
}  // namespace redoubt::sealed::test
