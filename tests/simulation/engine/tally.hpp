// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace redoubt::simulation {

/// How often what was seen to happen, to be summed up over worlds.
struct Tally {
    std::map<std::string, std::uint64_t> counts;

    Tally& operator+=(const Tally& other) {
        for (const auto& [name, count] : other.counts) counts[name] += count;
        return *this;
    }
};

}  // namespace redoubt::simulation
