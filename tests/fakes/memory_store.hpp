// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include <redoubt/tezos/ports.hpp>

namespace redoubt::test {

/// Watermarks in memory, by the words of the design rather than by the table's expressions. Like a
/// cold environment it remembers nothing besides its rows.
class MemoryStore final : public tezos::WatermarkStore {
public:
    explicit MemoryStore(const Clock& clock) : clock_(clock) {}

    /// As the operator's command does.
    void arm(const tezos::WatermarkId& id, tezos::Level level);

    [[nodiscard]] std::optional<Error> refuses(
        const tezos::SigningPosition& position) const override;
    [[nodiscard]] std::unique_ptr<tezos::PendingCommit> begin(tezos::Proposal proposal) override;

    /// What the table says to a proposal, having done it.
    [[nodiscard]] tezos::Verdict commit(const tezos::Proposal& proposal);

    std::map<tezos::WatermarkId, tezos::Row> rows;
    int writes_asked = 0;
    /// While set, every commit fails so without having been done.
    std::optional<Error> trouble;
    /// What `refuses` answers.
    std::optional<Error> seen_to_be_below;

private:
    const Clock& clock_;
};

}  // namespace redoubt::test
