// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/secret.hpp>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace redoubt::test
