// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/secret.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <type_traits>

namespace redoubt::test {
namespace {

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>, "a text becomes a secret by name only");

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Secret>);

TEST(Secret, IsShownOnRequest) {
    const Secret secret("hidden");
    EXPECT_EQ(secret.expose(), "hidden");
    EXPECT_FALSE(secret.empty());
    EXPECT_TRUE(Secret().empty());
}

TEST(Secret, MovesAndLeavesNothingBehind) {
    for (const std::string& text : {std::string("short"), std::string(500, 'x')}) {
        Secret first(text);
        Secret second(std::move(first));
        EXPECT_EQ(second.expose(), text);
        EXPECT_TRUE(first.empty());
        Secret third("another");
        third = std::move(second);
        EXPECT_EQ(third.expose(), text);
        EXPECT_TRUE(second.empty());
    }
}

TEST(Secret, MovedFromShortTextIsWipedInPlace) {
    Secret first("short");
    // A short text lies inside of the object, so its bytes can be looked at there.
    const char* inside = first.expose().data();
    const Secret second(std::move(first));
    EXPECT_EQ(std::string_view(inside, 5), std::string_view("\0\0\0\0\0", 5));
}

TEST(Wiping, EmptiesAText) {
    for (std::string text : {std::string("short"), std::string(500, 'x'), std::string()}) {
        const char* where = text.data();
        const std::size_t size = text.size();
        wipe(text);
        EXPECT_TRUE(text.empty());
        EXPECT_TRUE(
            std::ranges::all_of(std::string_view(where, size), [](char c) { return c == 0; }));
    }
}

TEST(Wiping, AppendsPieceByPiece) {
    std::string text, expected;
    for (int i = 0; i < 300; ++i) {
        append_wiping(text, std::to_string(i));
        expected += std::to_string(i);
    }
    append_wiping(text, "");
    EXPECT_EQ(text, expected);
}

}  // namespace
}  // namespace redoubt::test
