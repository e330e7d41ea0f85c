// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include <simulation/engine/random.hpp>

#include "cloud.hpp"
#include "fixtures.hpp"

namespace redoubt::simulation::tezos {

/// The sealed keys of a world: the same in each table, under the same KMS keys. Their items are
/// damaged and repaired, the KMS keys disabled and enabled.
class Vault {
public:
    /// Sealed by one KMS key, or by any two of three.
    Vault(Fixtures& fixtures, Cloud& cloud, bool is_shared);

    [[nodiscard]] Sealing& sealing() { return sealing_; }
    /// What KMS answers to a Decrypt at that time.
    [[nodiscard]] Reply decrypt(const Flight& flight, WallTime now);

    /// Of one table. What was done, in words.
    std::string damage_or_repair(std::size_t table, Random& random);
    void repair_all();
    /// Whether whoever asks for a key meets all that opens it.
    [[nodiscard]] bool can_open(std::size_t table, const std::string& address) const;

private:
    std::string change_item(const RowName& name, Random& random);
    std::string change_share(std::size_t table, Random& random);
    std::string switch_kms_key(Random& random);
    [[nodiscard]] RowName wrap_name(std::size_t table) const;
    void put_wrap(std::size_t table);

    Sealing& sealing_;
    Cloud& cloud_;
    unsigned threshold_;
    std::map<std::string, Json> items_;  // as they were made, by scope
    std::set<RowName> damaged_;
    std::set<std::pair<std::size_t, std::size_t>> spoilt_;  // shares, by table and KMS key
    std::set<std::size_t> disabled_;                        // KMS keys
};

}  // namespace redoubt::simulation::tezos
