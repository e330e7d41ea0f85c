// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/ports.hpp>

namespace redoubt::test {

/// Validators in memory, by the words of the design rather than by the table's expressions.
class MemoryValidators final : public ethereum::ValidatorStore {
public:
    [[nodiscard]] std::optional<Error> judge_network(SteadyTime /*deadline*/) override {
        return trouble;
    }
    [[nodiscard]] std::unique_ptr<ethereum::PendingCommit> begin(
        ethereum::Proposal proposal) override;
    [[nodiscard]] ethereum::ReadRow read(const ethereum::PublicKey& key,
                                         ethereum::Freshness freshness,
                                         SteadyTime deadline) override;
    [[nodiscard]] Result<std::vector<ethereum::KeyTags>> list(SteadyTime deadline) override;
    [[nodiscard]] ethereum::Health probe(SteadyTime /*deadline*/) override { return {trouble, {}}; }

    /// What the table says to a proposal, having done it.
    [[nodiscard]] ethereum::Verdict commit(const ethereum::Proposal& proposal);

    std::map<ethereum::PublicKey, ethereum::ValidatorRow> rows;
    int calls = 0;  // writes and reads
    /// While set, everything fails so.
    std::optional<Error> trouble;
};

/// Signs with real keys, all of them open.
class OpenSigner final : public ethereum::Signer {
public:
    void add(crypto::bls::SecretKey secret);

    [[nodiscard]] bool is_open(const ethereum::PublicKey& /*key*/) const override { return true; }
    [[nodiscard]] std::optional<Error> open(const ethereum::PublicKey& key,
                                            SteadyTime deadline) override;
    [[nodiscard]] std::unique_ptr<ethereum::PendingSignature> begin(
        const ethereum::PublicKey& key, const ethereum::Root& root) override;

    std::map<ethereum::PublicKey, crypto::bls::SecretKey> keys;
};

}  // namespace redoubt::test
