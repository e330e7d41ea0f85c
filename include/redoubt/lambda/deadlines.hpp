// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/base/clock.hpp>

namespace redoubt::lambda {

/// Until when the answers to a process's invocations have to leave. Lambda names a wall-clock time,
/// which a machine whose clock is wrong reads wrongly; the process's own steady clock counts.
class Deadlines {
public:
    /// Right after an invocation came: at least 300 ms before Lambda would kill the function. A
    /// deadline that is past can't be true, since an invocation begins with all its time: then, and
    /// without one, it has the most that any had before, or three seconds.
    [[nodiscard]] SteadyTime answer_by(std::optional<WallTime> deadline, const Clock& clock);

private:
    Milliseconds most_{0};  // time that an invocation had
};

}  // namespace redoubt::lambda
