// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include <redoubt/base/clock.hpp>

namespace redoubt::aws {

struct HedgingRules {
    double share = 0.02;      // second calls, of all calls; 0: none ever
    std::size_t samples = 8;  // latencies to know before the first one
    double factor = 1.5;      // of the 90th percentile: what is unusually long

    [[nodiscard]] static HedgingRules off() { return {.share = 0}; }
};

/// When a second call is raced against a slow first one, and how often that may be. The delay
/// follows recent latencies, so that a service that became slow as a whole is not asked twice; the
/// budget holds whatever they are. For calls of one kind.
class Hedging {
public:
    explicit Hedging(HedgingRules rules) : rules_(rules) {}

    /// A first call is made: it earns a share of a second one.
    void called();
    /// A good answer came so long after the first call, whichever call it answered.
    void answered(SteadyTime::duration latency);
    /// The service asked for fewer calls: for some seconds it gets no second one.
    void throttled(SteadyTime now) { throttled_at_ = now; }
    /// How long to wait for an answer before a second call; nothing while there may be none.
    [[nodiscard]] std::optional<Milliseconds> delay(SteadyTime now) const;
    /// Takes a second call from the budget, if it holds one.
    [[nodiscard]] bool spend(SteadyTime now);

private:
    static constexpr std::size_t kept = 64;

    [[nodiscard]] bool may_hedge(SteadyTime now) const;

    HedgingRules rules_;
    std::optional<SteadyTime> throttled_at_;
    // A new process may hedge once before it has earned it: one call, however many it will make.
    double budget_ = 1;
    std::array<SteadyTime::duration, kept> latencies_{};  // the last ones, as a ring
    std::size_t answers_ = 0;                             // since the beginning
};

}  // namespace redoubt::aws
