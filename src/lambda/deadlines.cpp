// SPDX-License-Identifier: Apache-2.0
#include <redoubt/lambda/deadlines.hpp>

#include <algorithm>

namespace redoubt::lambda {
namespace {

/// An answer leaves at least this long before Lambda would kill the function.
constexpr Milliseconds reserve{300};
/// No invocation lasts longer, so no deadline is further away.
constexpr Milliseconds longest = std::chrono::minutes(15);
/// Lambda's own default, and this project's.
constexpr Milliseconds usual{3000};

}  // namespace

SteadyTime Deadlines::answer_by(std::optional<WallTime> deadline, const Clock& clock) {
    const SteadyTime now = clock.steady();
    Milliseconds left = most_ > Milliseconds(0) ? most_ : usual;
    if (deadline && *deadline > clock.wall()) {
        left = std::min(*deadline - clock.wall(), longest);
        most_ = std::max(most_, left);
    }
    return now + left - reserve;
}

}  // namespace redoubt::lambda
