// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/opened_wraps.hpp>
#include <redoubt/adapters/ethereum/validator_cache.hpp>
#include <redoubt/ethereum/ports.hpp>

namespace redoubt::ethereum_adapters {

/// Validators in a DynamoDB table: watermarks are moved by one conditional UpdateItem, never read
/// first; what it answers brings the sealed key along, into the cache. All that it is given
/// outlives it.
class DynamoValidatorStore final : public ethereum::ValidatorStore {
public:
    static constexpr Milliseconds row_lasts{60'000};
    static constexpr Milliseconds list_lasts{60'000};
    static constexpr Milliseconds health_lasts{10'000};
    static constexpr Milliseconds wrong_network_lasts{5'000};
    /// So many wraps are opened ahead; others when a key of theirs is met. At the start only the
    /// first: each is opened over a connection of its own, whose handshake would hold up whoever
    /// waits for the start.
    static constexpr std::size_t wraps_ahead = 8;

    struct Place {
        aws::Service& dynamodb;
        io::ExchangeRunner& runner;
        const std::string& table;
        const ethereum::Network& network;
    };
    DynamoValidatorStore(const Place& place, ValidatorCache& cache, OpenedWraps& wraps)
        : place_(place), cache_(cache), wraps_(wraps) {}

    /// At the start of a process: reads what the table is for, and opens a wrap that is in use.
    /// What fails is tried again by requests.
    void prepare(SteadyTime deadline);
    /// When nobody waits: opens the other wraps that are opened ahead, once; before anybody who may
    /// has asked about a key, not yet. What fails is opened when it is met.
    void open_more(SteadyTime deadline);

    [[nodiscard]] std::optional<Error> judge_network(SteadyTime deadline) override;
    [[nodiscard]] std::unique_ptr<ethereum::PendingCommit> begin(
        ethereum::Proposal proposal) override;
    [[nodiscard]] ethereum::ReadRow read(const ethereum::PublicKey& key,
                                         ethereum::Freshness freshness,
                                         SteadyTime deadline) override;
    [[nodiscard]] Result<std::vector<ethereum::KeyTags>> list(SteadyTime deadline) override;
    [[nodiscard]] ethereum::Health probe(SteadyTime deadline) override;

private:
    [[nodiscard]] Moment now() const { return place_.dynamodb.clock().moment(); }
    /// Reads what the table is for, and judges it.
    [[nodiscard]] std::optional<Error> read_network(SteadyTime deadline);
    [[nodiscard]] std::optional<Error> probe_wraps(SteadyTime deadline);
    /// So many at most, of those in use.
    [[nodiscard]] std::vector<sealed::WrapId> first_wraps(std::size_t most) const;

    Place place_;
    ValidatorCache& cache_;
    OpenedWraps& wraps_;
    std::optional<TableNetwork> table_network_;  // once it is known to be the right one
    std::optional<Error> wrong_network_;
    Moment looked_at_{};  // at a wrong one
    bool has_opened_more_ = false;
    std::vector<ethereum::KeyTags> listed_;
    std::optional<Moment> listed_at_;
    ethereum::Health health_;
    std::optional<Moment> probed_at_;
};

}  // namespace redoubt::ethereum_adapters
