// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <redoubt/http/exchange.hpp>

#include "fake_clock.hpp"

namespace redoubt::test {

/// Runs exchanges in rounds: all that go outside send, then all are answered, by a function; local
/// ones are computed after the first sending. Pauses pass on the fake clock, which never goes past
/// a deadline.
class ScriptedRunner final : public io::ExchangeRunner {
public:
    using Script = std::function<http::ResponseOrError(const http::ClientRequest&)>;

    explicit ScriptedRunner(FakeClock& clock, Script script = {})
        : script_(std::move(script)), clock_(clock) {}

    void run(std::span<io::Exchange* const> exchanges, SteadyTime deadline) override;
    void expect(const std::vector<std::string>& peers) override {
        expected.push_back({peers, runs});
    }

    void follow(Script script) { script_ = std::move(script); }

    struct Made {
        http::ClientRequest call;
        SteadyTime at;
    };
    std::vector<Made> calls;
    struct Expected {
        std::vector<std::string> peers;
        int after_runs;
    };
    std::vector<Expected> expected;
    int runs = 0;
    std::size_t most_at_once = 0;  // exchanges in one run

private:
    struct Sent {
        http::Exchange* exchange;
        http::ClientRequest request;
    };
    /// Nothing: the exchange has ended.
    [[nodiscard]] std::optional<Sent> send(http::Exchange& exchange, SteadyTime deadline);

    Script script_;
    FakeClock& clock_;
};

}  // namespace redoubt::test
