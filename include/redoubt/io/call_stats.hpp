// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/io/answer_id.hpp>

namespace redoubt::io {

/// What something took, whatever came of it.
struct CallStats {
    using Spent = std::chrono::duration<double, std::milli>;

    Spent spent{};                           // on calls
    int calls = 0;                           // that left: the other side may have acted on each
    int throttles = 0;                       // answers that ask for fewer calls
    std::vector<std::string> failures = {};  // what each try that failed met, as a code
    AnswerId answer = {};                    // the last that was taken for what was asked
    std::vector<AnswerId> others = {};       // of the other answers that were read
    std::optional<Spent> computed = {};      // by this process itself, if it was its turn

    CallStats& operator+=(const CallStats& more) {
        spent += more.spent;
        calls += more.calls;
        throttles += more.throttles;
        failures.insert(failures.end(), more.failures.begin(), more.failures.end());
        others.insert(others.end(), more.others.begin(), more.others.end());
        if (!more.answer.empty()) replace_answer(more.answer);
        if (more.computed) computed = computed.value_or(Spent{}) + *more.computed;
        return *this;
    }

private:
    void replace_answer(const AnswerId& by) {
        if (!answer.empty()) others.push_back(answer);
        answer = by;
    }
};

}  // namespace redoubt::io
