// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/hedging.hpp>

#include <algorithm>

namespace redoubt::aws {
namespace {

// Slow answers come in bursts: with two, one answer in a thousand would still be waited for.
constexpr double most_saved = 5;
/// A second connection has to be opened first, which takes about as long.
constexpr Milliseconds least_delay{3};
/// About two levels of Tezos: then the requests come from another moment's crowd.
constexpr std::chrono::seconds quiet_after_throttle{10};

}  // namespace

void Hedging::called() { budget_ = std::min(budget_ + rules_.share, most_saved); }

void Hedging::answered(SteadyTime::duration latency) { latencies_.at(answers_++ % kept) = latency; }

std::optional<Milliseconds> Hedging::delay(SteadyTime now) const {
    if (!may_hedge(now) || answers_ < rules_.samples) return std::nullopt;
    auto latencies = latencies_;
    const std::size_t count = std::min(answers_, kept);
    const auto end = latencies.begin() + static_cast<std::ptrdiff_t>(count);
    const auto ninetieth = latencies.begin() + static_cast<std::ptrdiff_t>(count * 9 / 10);
    std::nth_element(latencies.begin(), ninetieth, end);
    const std::chrono::duration<double, SteadyTime::period> patience = *ninetieth * rules_.factor;
    return std::max(std::chrono::ceil<Milliseconds>(patience), least_delay);
}

bool Hedging::spend(SteadyTime now) {
    if (!may_hedge(now)) return false;
    budget_ -= 1;
    return true;
}

bool Hedging::may_hedge(SteadyTime now) const {
    if (rules_.share <= 0 || budget_ < 1) return false;
    return !throttled_at_ || now - *throttled_at_ >= quiet_after_throttle;
}

}  // namespace redoubt::aws
