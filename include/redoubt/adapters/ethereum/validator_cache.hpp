// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/base/guarded.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/slashing.hpp>

namespace redoubt::ethereum_adapters {

/// What this process knows of validators, and the secrets of those that it has opened; those used
/// last. What has to make room is wiped.
class ValidatorCache {
public:
    static constexpr std::size_t usual_size = 2000;

    explicit ValidatorCache(std::size_t most = usual_size);

    /// A validator as the table has it.
    struct Entry {
        ethereum::ValidatorRow row;
        std::optional<SealedSecret> sealed;
        Moment read_at;  // not before

    private:
        friend class ValidatorCache;
        std::list<ethereum::PublicKey>::iterator place_;  // in order of use
        std::optional<std::size_t> secret_;               // which of the secrets
        std::optional<crypto::PublicKey> parsed_;         // once it is open
    };

    /// Takes what was asked for then. A key that has no sealed secret any more is closed.
    void put(const Validator& validator, const Moment& asked_at);
    void forget(const ethereum::PublicKey& key);
    /// Null if it is not known. Counts as used.
    [[nodiscard]] const Entry* find(const ethereum::PublicKey& key);
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    [[nodiscard]] bool is_open(const ethereum::PublicKey& key) const;
    /// Of a key that is known: keeps its secret, and the public key that was derived from it.
    void open(const ethereum::PublicKey& key, const crypto::bls::SecretKey& secret,
              crypto::PublicKey parsed);
    /// Of a key that is open.
    [[nodiscard]] const crypto::PublicKey& public_key(const ethereum::PublicKey& key) const;
    [[nodiscard]] crypto::bls::SecretKey secret_key(const ethereum::PublicKey& key) const;

private:
    using Entries = std::map<ethereum::PublicKey, Entry>;

    void close(Entry& entry);
    void remove(Entries::iterator entry);
    [[nodiscard]] ByteView secret_at(std::size_t number) const;

    std::size_t most_;
    Entries entries_;
    std::list<ethereum::PublicKey> by_use_;  // the last one used comes first
    // All secrets in pages of theirs: one for each would take a page each.
    GuardedBytes secrets_;
    std::vector<std::size_t> free_;  // places in there
};

}  // namespace redoubt::ethereum_adapters
