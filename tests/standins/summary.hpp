// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::standins {

/// Durations in milliseconds, and their percentiles by nearest rank.
class Times {
public:
    void add(double ms) { all_.push_back(ms); }
    [[nodiscard]] std::size_t count() const { return all_.size(); }
    /// `percent` of all are not above it; 0 if there are none.
    [[nodiscard]] double percentile(double percent) const;

private:
    std::vector<double> all_;
};

/// What a baker's run came to.
struct Summary {
    std::size_t failures = 0;  ///< no 200 in the end, or not verified
    std::size_t verified = 0;
    std::size_t unexpected = 0;  ///< of what was shown after it
    Times all;                   ///< of the good ones
    std::map<std::string, Times> kinds;

    [[nodiscard]] std::size_t requests() const { return verified + failures; }
    void add(const std::string& kind, bool good, double ms);
};

}  // namespace redoubt::standins
