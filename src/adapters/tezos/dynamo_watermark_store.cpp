// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>

#include <redoubt/adapters/tezos/watermark_table.hpp>

namespace redoubt::tezos_adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using tezos::Applied;
using tezos::Refused;

/// The writes of one commit: the tight form, then, if the row refuses for pace alone, the loose
/// one; each repeated by its Operation while its answer is unknown or slow, which is harmless
/// because the digest decides. An answer that can't be true is refused at once: a table that lies
/// is no passing fault. All that it is given outlives it.
class CommitExchange final : public http::Exchange {
public:
    CommitExchange(aws::Service& dynamodb, const std::string& table,
                   const tezos::Proposal& proposal, tezos::LowerBound& lower_bound)
        : dynamodb_(dynamodb),
          table_(table),
          proposal_(proposal),
          key_{proposal.key.address, scope_text(proposal.position.watermark)},
          lower_bound_(lower_bound) {
        const auto seen = lower_bound.pace(position().watermark);
        const bool tight_would_fail = seen && *seen < pace_at(dynamodb.clock().now());
        attempt(tight_would_fail ? Fence::Loose : Fence::Tight, std::nullopt);
    }

    std::optional<Next> next() override { return operation_->next(); }
    std::optional<http::ClientRequest> hedge_request(const http::ClientRequest& slow) override {
        return operation_->hedge_request(slow);
    }
    bool settles(const http::Response& response) override { return operation_->settles(response); }
    void on_send() noexcept override { operation_->on_send(); }
    void on_response(const http::ResponseOrError& response) override {
        operation_->on_response(response);
        const auto& reply = operation_->outcome();
        if (!reply) return;
        // Now, since a vote that has its commit mostly waits for KMS.
        const RowReply judged = judge_write(*reply, key_);
        if (!goes_on_loosely(judged, reply->date)) verdict_ = verdict_of(judged);
    }
    [[nodiscard]] io::CallStats stats() const override {
        io::CallStats sum = before_;
        sum += operation_->stats();
        return sum;
    }

    /// Once, after it was run.
    [[nodiscard]] Result<tezos::Verdict> verdict() {
        if (verdict_) return std::move(*verdict_);
        return std::unexpected(operation_->outcome().error());
    }

private:
    using RowReply = Result<dynamodb::WriteReply<tezos::Row>>;

    [[nodiscard]] const tezos::SigningPosition& position() const { return proposal_.position; }
    [[nodiscard]] tezos::Pace pace_at(WallTime now) const {
        return tezos::pace_of(position().at.level, now);
    }

    /// Begins a write of that form, as of AWS's own time `date` or else of the clock.
    void attempt(Fence fence, std::optional<WallTime> date) {
        fence_ = fence;
        operation_ = std::make_unique<aws::Operation>(
            dynamodb_, "UpdateItem",
            [this, fence, date] {
                asked_ = date.value_or(dynamodb_.clock().now());
                return to_body(commit_update(table_, key_, proposal_, fence, asked_));
            },
            std::string(dynamodb::condition_failed), aws::Hedge::WhenSlow);
    }

    /// Whether the loose form begins, since the row refused for pace alone.
    bool goes_on_loosely(const RowReply& judged, WallTime date) {
        if (tried_loose_ || !judged || judged->is_applied || !judged->row) return false;
        if (!is_higher_than(*judged->row)) return false;
        if (!passes_loose_fence(judged->row->pace, pace_at(date))) return false;
        // A loose form that failed by the local clock may pass by AWS's.
        tried_loose_ = true;
        before_ = stats();
        attempt(Fence::Loose, date);
        return true;
    }

    [[nodiscard]] Result<tezos::Verdict> verdict_of(const RowReply& judged) {
        if (!judged) return std::unexpected(judged.error());
        if (!judged->row) return Refused{};
        const tezos::Row& row = *judged->row;
        if (judged->is_applied) return applied(row);
        if (is_contradiction(row)) {
            return fail(Code::TableRefused,
                        "the table refused a write that its own row allows: look at the table and "
                        "its endpoint before signing on");
        }
        lower_bound_.seen(position().watermark, row.at, row.pace);
        return Refused{row};
    }

    [[nodiscard]] tezos::Verdict applied(const tezos::Row& row) {
        if (holds(row, proposal_)) lower_bound_.seen(position().watermark, row.at, row.pace);
        return Applied{row, excess(row.pace, pace_at(asked_))};
    }

    [[nodiscard]] bool is_higher_than(const tezos::Row& row) const {
        return compare(position(), proposal_.message.digest, row) == tezos::RowComparison::Higher;
    }

    /// The row as it was allowed this very write.
    [[nodiscard]] bool is_contradiction(const tezos::Row& row) const {
        const bool fence_held = fence_ == Fence::Tight
                                    ? row.pace >= pace_at(asked_)
                                    : passes_loose_fence(row.pace, pace_at(asked_));
        return fence_held && is_higher_than(row);
    }

    aws::Service& dynamodb_;
    const std::string& table_;
    const tezos::Proposal& proposal_;
    const RowKey key_;
    tezos::LowerBound& lower_bound_;
    Fence fence_ = Fence::Tight;
    bool tried_loose_ = false;
    WallTime asked_{};  // the time that the last write named
    std::unique_ptr<aws::Operation> operation_;
    std::optional<Result<tezos::Verdict>> verdict_;  // once there is a reply to judge
    io::CallStats before_;  // of the tight form, once the loose one has begun
};

class PendingDynamoCommit final : public tezos::PendingCommit {
public:
    PendingDynamoCommit(aws::Service& dynamodb, const std::string& table, tezos::Proposal proposed,
                        tezos::LowerBound& lower_bound)
        : PendingCommit(std::move(proposed)), exchange_(dynamodb, table, proposal(), lower_bound) {}

    [[nodiscard]] io::Exchange& exchange() override { return exchange_; }

private:
    [[nodiscard]] Result<tezos::Verdict> verdict() override { return exchange_.verdict(); }

    CommitExchange exchange_;
};

}  // namespace

DynamoWatermarkStore::DynamoWatermarkStore(aws::Service& dynamodb, std::string table)
    : dynamodb_(dynamodb), table_(std::move(table)) {}

std::optional<Error> DynamoWatermarkStore::refuses(const tezos::SigningPosition& position) const {
    return lower_bound_.refuses(position);
}

std::unique_ptr<tezos::PendingCommit> DynamoWatermarkStore::begin(tezos::Proposal proposal) {
    return std::make_unique<PendingDynamoCommit>(dynamodb_, table_, std::move(proposal),
                                                 lower_bound_);
}

}  // namespace redoubt::tezos_adapters
