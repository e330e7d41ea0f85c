// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <redoubt/ethereum/commit.hpp>

/// What signing needs from outside: a table that remembers, and that brings each key along; and
/// what signs with the keys that it brought. Both are begun here, run by an `io::ExchangeRunner`,
/// and asked for their outcome afterwards.
namespace redoubt::ethereum {

/// How old what is read may be.
enum class Freshness : std::uint8_t { AMinute, Now };

/// What the table says of a key; nothing if it has none.
struct ReadRow {
    Result<std::optional<ValidatorRow>> row;
    io::CallStats stats = {};
};

/// A validator that is on.
struct KeyTags {
    PublicKey key;
    std::set<std::string> tags;
};

/// What is not as it should be: of the table, and of what opens its keys.
struct Health {
    std::optional<Error> table = {};
    std::optional<Error> wraps = {};
};

/// The table of validators.
class ValidatorStore {
public:
    ValidatorStore() = default;
    ValidatorStore(const ValidatorStore&) = delete;
    ValidatorStore& operator=(const ValidatorStore&) = delete;
    virtual ~ValidatorStore() = default;

    /// Whether the table is that of this network, and the one that it says it is. Reads it, unless
    /// that was seen before. Errors: wrong_network, those of a read.
    [[nodiscard]] virtual std::optional<Error> judge_network(SteadyTime deadline) = 0;
    /// The store outlives what is begun.
    [[nodiscard]] virtual std::unique_ptr<PendingCommit> begin(Proposal proposal) = 0;
    /// Errors: those of a read, damaged_row.
    [[nodiscard]] virtual ReadRow read(const PublicKey& key, Freshness freshness,
                                       SteadyTime deadline) = 0;
    /// All that are on; at most a minute old. Errors: those of a read.
    [[nodiscard]] virtual Result<std::vector<KeyTags>> list(SteadyTime deadline) = 0;
    /// At most ten seconds old.
    [[nodiscard]] virtual Health probe(SteadyTime deadline) = 0;
};

/// A signature under way.
class PendingSignature {
public:
    PendingSignature() = default;
    PendingSignature(const PendingSignature&) = delete;
    PendingSignature& operator=(const PendingSignature&) = delete;
    virtual ~PendingSignature() = default;

    /// What a runner is given: arithmetic of this process.
    [[nodiscard]] virtual io::Exchange& exchange() = 0;
    /// Call once, after the runner returned. Errors: bad_signature, deadline.
    [[nodiscard]] virtual Result<UnreleasedSignature> outcome() = 0;
};

/// Holds the secret keys that the store brought.
class Signer {
public:
    Signer() = default;
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    virtual ~Signer() = default;

    /// Whether a key can sign without a call.
    [[nodiscard]] virtual bool is_open(const PublicKey& key) const = 0;
    /// Sees to it that a key that the store brought just now can sign; may block until `deadline`.
    /// Errors: wrap_unavailable, wrap_refused, damaged_key, credentials_expired.
    [[nodiscard]] virtual std::optional<Error> open(const PublicKey& key, SteadyTime deadline) = 0;
    /// With a key that is open. `root` outlives what is begun.
    [[nodiscard]] virtual std::unique_ptr<PendingSignature> begin(const PublicKey& key,
                                                                  const Root& root) = 0;
};

}  // namespace redoubt::ethereum
