// SPDX-License-Identifier: Apache-2.0
#include "memory_store.hpp"

namespace redoubt::test {
namespace {

using tezos::Applied;
using tezos::Refused;
using tezos::Row;

constexpr std::int64_t slack_ms = 5 * 60 * 1000;

/// Commits when it is run, so that the order of calls is the product's.
class PendingMemoryCommit final : public tezos::PendingCommit, private io::LocalExchange {
public:
    PendingMemoryCommit(MemoryStore& store, tezos::Proposal proposal)
        : PendingCommit(std::move(proposal)), store_(store) {}

    [[nodiscard]] io::Exchange& exchange() override { return *this; }

private:
    using Answer = Result<tezos::Verdict>;

    void compute() override {
        ++store_.writes_asked;
        answer_ = store_.trouble ? Answer(std::unexpected(*store_.trouble))
                                 : Answer(store_.commit(proposal()));
    }
    [[nodiscard]] io::CallStats stats() const override { return {{}, answer_ ? 1 : 0}; }
    [[nodiscard]] Answer verdict() override {
        return answer_ ? *answer_ : fail(Code::Deadline, "never run");
    }

    MemoryStore& store_;
    std::optional<Answer> answer_;
};

}  // namespace

void MemoryStore::arm(const tezos::WatermarkId& id, tezos::Level level) {
    const std::int64_t now = unix_ms(clock_.wall());
    rows.try_emplace(id, Row{{level, tezos::Round(0x7fffffff)},
                             std::nullopt,
                             std::nullopt,
                             now,
                             tezos::Pace(level.value() * std::int64_t{1000} - now)});
}

std::optional<Error> MemoryStore::refuses(const tezos::SigningPosition& /*position*/) const {
    return seen_to_be_below;
}

std::unique_ptr<tezos::PendingCommit> MemoryStore::begin(tezos::Proposal proposal) {
    return std::make_unique<PendingMemoryCommit>(*this, std::move(proposal));
}

tezos::Verdict MemoryStore::commit(const tezos::Proposal& proposal) {
    const auto found = rows.find(proposal.position.watermark);
    if (found == rows.end()) return Refused{};
    Row& row = found->second;
    const auto& at = proposal.position.at;
    const std::int64_t now = unix_ms(clock_.wall());
    const std::int64_t pace = at.level.value() * std::int64_t{1000} - now;
    const bool higher =
        at.level > row.at.level || (at.level == row.at.level && at.round > row.at.round);
    const bool is_reached = !row.until || at.level <= *row.until;
    if (!higher || !is_reached || row.pace.value() < pace - slack_ms) return Refused{row};
    const bool tight = row.pace.value() >= pace;
    row.at = at;
    row.digest = proposal.message.digest;
    row.written_ms = now;
    if (proposal.signature) row.signature = proposal.signature;
    if (tight && at.round == tezos::Round(0)) row.pace = tezos::Pace(pace);
    return Applied{row};
}

}  // namespace redoubt::test
