// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/io/call_stats.hpp>

/// Steps that take time, apart from what they say and over which wire they say it.
namespace redoubt::io {

/// One step that is begun by one piece of code, run by another, and asked for its outcome
/// afterwards. It is of one of two kinds: an exchange with the outside (http::Exchange), or
/// arithmetic of this process (LocalExchange).
class Exchange {
public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    /// After it was run.
    [[nodiscard]] virtual CallStats stats() const = 0;
};

/// Arithmetic that stands where an exchange with the outside could stand.
class LocalExchange : public Exchange {
public:
    /// Called once, or never if the deadline comes first. Nothing else goes on meanwhile (no answer
    /// is read, nothing is hedged or times out), so it takes milliseconds.
    virtual void compute() = 0;
};

/// Runs exchanges side by side.
class ExchangeRunner {
public:
    ExchangeRunner() = default;
    ExchangeRunner(const ExchangeRunner&) = delete;
    ExchangeRunner& operator=(const ExchangeRunner&) = delete;
    virtual ~ExchangeRunner() = default;

    /// Blocks until all are finished or `deadline` has come. What goes outside is begun first, in
    /// this order, and one call may be sent before the next exchange is asked for its own. Local
    /// ones are computed once what could be sent has left, while that is under way.
    virtual void run(std::span<Exchange* const> exchanges, SteadyTime deadline) = 0;

    /// What later runs will be with, each peer as often as it is asked side by side: a runner may
    /// get ready for it while the next one waits for answers.
    virtual void expect(const std::vector<std::string>& /*peers*/) {}
};

}  // namespace redoubt::io
