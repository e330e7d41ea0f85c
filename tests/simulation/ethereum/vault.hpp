// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include <simulation/engine/random.hpp>

#include "cloud.hpp"
#include "fixtures.hpp"

namespace redoubt::simulation::ethereum {

/// The wraps of a world, and the KMS keys that open them. Wraps are damaged and repaired, KMS keys
/// disabled and enabled.
class Vault {
public:
    Vault(Sealing& sealing, Cloud& cloud) : sealing_(sealing), cloud_(cloud) {}

    [[nodiscard]] Sealing& sealing() { return sealing_; }
    /// What KMS answers to a Decrypt at that time.
    [[nodiscard]] Reply decrypt(const Flight& flight, WallTime now) const;

    /// What was done, in words.
    std::string damage_or_repair(Random& random);
    void repair_all();
    /// Whether whoever asks for a wrap meets all that opens it.
    [[nodiscard]] bool can_open(std::size_t wrap) const;

private:
    std::string switch_kms_key(Random& random);
    std::string change_share(Random& random);
    std::string change_wrap(Random& random);
    /// As it was made, but for its share that is spoilt.
    [[nodiscard]] Json whole(std::size_t wrap) const;

    Sealing& sealing_;
    Cloud& cloud_;
    std::set<std::size_t> disabled_;                        // KMS keys
    std::set<std::pair<std::size_t, std::size_t>> spoilt_;  // shares, by wrap and KMS key
    std::set<std::size_t> damaged_;                         // wraps
};

}  // namespace redoubt::simulation::ethereum
