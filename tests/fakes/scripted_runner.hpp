// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include <redoubt/http/exchange.hpp>

#include "fake_clock.hpp"

namespace redoubt::test {

/// Drives dialogues one step each in turn; a function answers the calls. Pauses pass on the fake
/// clock, which never goes past a deadline.
class ScriptedDriver final : public http::Driver {
public:
    using Script = std::function<http::Answer(const http::Call&)>;

    explicit ScriptedDriver(FakeClock& clock, Script script = {})
        : script_(std::move(script)), clock_(clock) {}

    void run(std::span<http::Dialogue* const> dialogues, SteadyTime deadline) override;

    void follow(Script script) { script_ = std::move(script); }

    struct Made {
        http::Call call;
        SteadyTime at;
    };
    std::vector<Made> calls;
    int runs = 0;
    std::size_t most_at_once = 0;  // dialogues in one run

private:
    /// Whether the dialogue goes on.
    [[nodiscard]] bool step(http::Dialogue& dialogue, SteadyTime deadline);

    Script script_;
    FakeClock& clock_;
};

}  // namespace redoubt::test
