// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/strong.hpp>

#include <gtest/gtest.h>

#include <type_traits>

#include <redoubt/tezos/types.hpp>

namespace redoubt::test {
namespace {

using tezos::Level;
using tezos::Position;
using tezos::Round;

template <class A, class B>
concept Comparable = requires(const A& a, const B& b) { a < b; };

static_assert(Comparable<Level, Level>);
static_assert(!Comparable<Level, Round>, "a level is no round");
static_assert(!Comparable<Level, std::uint32_t>, "a number is no level until it is called one");
static_assert(!std::is_convertible_v<std::uint32_t, Level>);
static_assert(!std::is_convertible_v<Level, Round>);

TEST(Position, IsOrderedByLevelThenRound) {
    const Position low{Level(5), Round(9)};
    EXPECT_LT(low, (Position{Level(6), Round(0)}));
    EXPECT_LT(low, (Position{Level(5), Round(10)}));
    EXPECT_GT(low, (Position{Level(5), Round(8)}));
    EXPECT_GT(low, (Position{Level(4), Round(99)}));
    EXPECT_EQ(low, (Position{Level(5), Round(9)}));
}

}  // namespace
}  // namespace redoubt::test
