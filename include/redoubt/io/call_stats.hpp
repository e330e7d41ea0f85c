// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace redoubt::io {

/// What something took, whatever came of it.
struct CallStats {
    std::chrono::duration<double, std::milli> spent{};
    int calls = 0;                           // that left: the other side may have acted on each
    int throttles = 0;                       // answers that ask for fewer calls
    std::vector<std::string> failures = {};  // what each try that failed met, as a code

    CallStats& operator+=(const CallStats& more) {
        spent += more.spent;
        calls += more.calls;
        throttles += more.throttles;
        failures.insert(failures.end(), more.failures.begin(), more.failures.end());
        return *this;
    }
};

}  // namespace redoubt::io
