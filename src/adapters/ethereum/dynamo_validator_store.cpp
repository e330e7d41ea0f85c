// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/ethereum/dynamo_validator_store.hpp>

#include <algorithm>
#include <array>

#include <redoubt/adapters/ethereum/validator_commit.hpp>
#include <redoubt/aws/dynamodb/get.hpp>

#include "active_keys.hpp"

namespace redoubt::ethereum_adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum::Freshness;
using ethereum::PublicKey;

/// The write of one commit, repeated by its Operation while its answer is unknown or slow, always
/// with the same body: that is harmless, as the row holds then what is written.
class PendingDynamoCommit final : public ethereum::PendingCommit {
public:
    PendingDynamoCommit(const DynamoValidatorStore::Place& place, ethereum::Proposal proposed,
                        ValidatorCache& cache)
        : PendingCommit(std::move(proposed)),
          asked_at_(place.dynamodb.clock().moment()),
          cache_(cache),
          operation_(
              place.dynamodb, "UpdateItem",
              [body = to_body(commit_update(place.table, proposal(),
                                            place.dynamodb.clock().now()))] { return body; },
              std::string(dynamodb::condition_failed), aws::Hedge::WhenSlow) {}

    [[nodiscard]] io::Exchange& exchange() override { return operation_; }

private:
    [[nodiscard]] Result<ethereum::Verdict> verdict() override {
        const auto& reply = operation_.outcome();
        if (!reply) return std::unexpected(reply.error());
        const auto judged = judge_commit(*reply, proposal().key);
        if (!judged) return std::unexpected(judged.error());
        if (!judged->row) {
            cache_.forget(proposal().key);
            return ethereum::Refused{};
        }
        cache_.put(*judged->row, asked_at_);
        auto row = to_row(*judged->row);
        if (judged->is_applied) return ethereum::Applied{std::move(row)};
        return ethereum::Refused{std::move(row)};
    }

    Moment asked_at_;
    ValidatorCache& cache_;
    aws::Operation operation_;
};

/// One item, or null.
struct ReadItem {
    Result<Json> item;
    io::CallStats stats;
};
ReadItem read_item(const DynamoValidatorStore::Place& place, const dynamodb::ItemKey& key,
                   dynamodb::Freshness freshness, SteadyTime deadline) {
    const dynamodb::Get get{place.table, key, freshness};
    aws::Operation operation(place.dynamodb, "GetItem", [body = to_body(get)] { return body; });
    const std::array<io::Exchange*, 1> exchanges = {&operation};
    place.runner.run(exchanges, deadline);
    const auto& reply = operation.outcome();
    if (!reply) return {std::unexpected(reply.error()), operation.stats()};
    return {dynamodb::read_item(*reply, key), operation.stats()};
}

}  // namespace

void DynamoValidatorStore::prepare(SteadyTime deadline) {
    if (judge_network(deadline)) return;
    wraps_.open(first_wraps(1), deadline);
}

void DynamoValidatorStore::open_more(SteadyTime deadline) {
    if (has_opened_more_ || !table_network_ || cache_.size() == 0) return;
    has_opened_more_ = true;
    wraps_.open(first_wraps(wraps_ahead), deadline);
}

std::vector<sealed::WrapId> DynamoValidatorStore::first_wraps(std::size_t most) const {
    const auto& wraps = table_network_->wraps;
    return {wraps.begin(),
            wraps.begin() + static_cast<std::ptrdiff_t>(std::min(most, wraps.size()))};
}

std::optional<Error> DynamoValidatorStore::judge_network(SteadyTime deadline) {
    if (table_network_) return std::nullopt;
    if (wrong_network_ && between(looked_at_, now()) < wrong_network_lasts) return wrong_network_;
    return read_network(deadline);
}

std::optional<Error> DynamoValidatorStore::read_network(SteadyTime deadline) {
    auto item = read_item(place_, network_key(), dynamodb::Freshness::Eventual, deadline).item;
    if (!item) return item.error();
    auto network = parse_network_item(*item);
    wrong_network_ = ethereum_adapters::judge_network(network, place_.network, place_.table);
    looked_at_ = now();
    if (wrong_network_) {
        table_network_.reset();
        return wrong_network_;
    }
    table_network_ = std::move(network);
    return std::nullopt;
}

std::unique_ptr<ethereum::PendingCommit> DynamoValidatorStore::begin(ethereum::Proposal proposal) {
    return std::make_unique<PendingDynamoCommit>(place_, std::move(proposal), cache_);
}

ethereum::ReadRow DynamoValidatorStore::read(const PublicKey& key, Freshness freshness,
                                             SteadyTime deadline) {
    const ValidatorCache::Entry* known = cache_.find(key);
    if (known != nullptr && freshness == Freshness::AMinute &&
        between(known->read_at, now()) < row_lasts) {
        return {known->row};
    }
    const Moment asked_at = now();
    auto [item, stats] =
        read_item(place_, validator_key(key), dynamodb::Freshness::Consistent, deadline);
    if (!item) return {std::unexpected(std::move(item.error())), std::move(stats)};
    if (item->is_null()) {
        cache_.forget(key);
        return {std::nullopt, std::move(stats)};
    }
    const auto validator = parse_validator(*item);
    if (!validator) {
        return {fail(Code::DamagedRow,
                     "this key's item lacks an attribute or has one of another type: nothing is "
                     "signed with it until the operator has repaired it"),
                std::move(stats)};
    }
    cache_.put(*validator, asked_at);
    return {to_row(*validator), std::move(stats)};
}

Result<std::vector<ethereum::KeyTags>> DynamoValidatorStore::list(SteadyTime deadline) {
    if (listed_at_ && between(*listed_at_, now()) < list_lasts) return listed_;
    const Moment asked_at = now();
    auto keys = list_active_keys(place_.dynamodb, place_.runner, place_.table, deadline);
    if (!keys) return std::unexpected(keys.error());
    listed_ = std::move(*keys);
    listed_at_ = asked_at;
    return listed_;
}

std::optional<Error> DynamoValidatorStore::probe_wraps(SteadyTime deadline) {
    const auto ids = first_wraps(wraps_ahead);
    wraps_.open(ids, deadline);
    for (const sealed::WrapId& id : ids) {
        if (const auto wrap = wraps_.find(id, deadline); !wrap) return wrap.error();
    }
    return std::nullopt;
}

ethereum::Health DynamoValidatorStore::probe(SteadyTime deadline) {
    if (probed_at_ && between(*probed_at_, now()) < health_lasts) return health_;
    probed_at_ = now();
    health_ = {.table = read_network(deadline)};
    if (!health_.table) health_.wraps = probe_wraps(deadline);
    return health_;
}

}  // namespace redoubt::ethereum_adapters
