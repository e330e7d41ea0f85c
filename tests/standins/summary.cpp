// SPDX-License-Identifier: Apache-2.0
#include "summary.hpp"

#include <algorithm>
#include <cmath>

namespace redoubt::standins {

double Times::percentile(double percent) const {
    if (all_.empty()) return 0;
    std::vector<double> sorted = all_;
    std::ranges::sort(sorted);
    const double rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

void Summary::add(const std::string& kind, bool good, double ms) {
    if (!good) {
        ++failures;
        return;
    }
    ++verified;
    all.add(ms);
    kinds[kind].add(ms);
}

}  // namespace redoubt::standins
