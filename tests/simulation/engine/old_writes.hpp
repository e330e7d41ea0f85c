// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include <redoubt/base/json.hpp>

#include "random.hpp"

namespace redoubt::simulation {

/// Writes that were sent and may be applied at any later time, when nobody waits for their reply.
class OldWrites {
public:
    /// May be applied again and again.
    void sent(const Json& write, Random& random) {
        if (sent_.size() < kept) {
            sent_.push_back(write);
        } else {
            sent_[random.below(sent_.size())] = write;
        }
    }
    /// For a faster one; still on its way.
    void given_up(const Json& write) { late_.push_back(write); }

    [[nodiscard]] bool has_sent() const { return !sent_.empty(); }
    [[nodiscard]] bool has_late() const { return !late_.empty(); }
    [[nodiscard]] const Json& any_sent(Random& random) const {
        return sent_[random.below(sent_.size())];
    }
    /// Which is then no longer on its way.
    [[nodiscard]] Json take_late(Random& random) {
        const auto at = late_.begin() + static_cast<std::ptrdiff_t>(random.below(late_.size()));
        Json write = std::move(*at);
        late_.erase(at);
        return write;
    }

private:
    static constexpr std::size_t kept = 64;

    std::vector<Json> sent_;
    std::vector<Json> late_;
};

}  // namespace redoubt::simulation
