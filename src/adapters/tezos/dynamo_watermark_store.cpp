// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>

#include <redoubt/adapters/tezos/watermark_table.hpp>

namespace redoubt::adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using tezos::Applied;
using tezos::Refused;
using Verdict = Result<std::variant<Applied, Refused>>;

std::unexpected<Error> damaged_row() {
    return fail(Code::DamagedRow,
                "this watermark's row lacks an attribute or has one of another type: nothing is "
                "signed for it until the operator has repaired it");
}

std::unexpected<Error> suspicious(const std::string& what) {
    return fail(Code::TableRefused,
                "the table " + what + ": look at the table and its endpoint before signing on");
}

/// One commit: the tight form, then, if the row refuses for pace alone, the loose one; each
/// repeated by its Operation while its answer is unknown or slow, which is harmless because the
/// digest decides.
class PendingDynamoCommit final : public tezos::PendingCommit {
public:
    PendingDynamoCommit(aws::Service& dynamodb, const std::string& table, tezos::Proposal proposal,
                        tezos::LowerBound& lower_bound)
        : PendingCommit(std::move(proposal)),
          dynamodb_(dynamodb),
          table_(table),
          lower_bound_(lower_bound) {
        const auto seen = lower_bound.pace(position().watermark);
        const bool tight_would_fail = seen && *seen < pace_at(dynamodb.clock().now());
        attempt(tight_would_fail ? Fence::Loose : Fence::Tight, std::nullopt);
    }

    std::optional<Next> next() override { return operation_->next(); }
    std::optional<http::ClientRequest> hedge_request(const http::ClientRequest& slow) override {
        return operation_->hedge_request(slow);
    }

    void on_send() noexcept override { operation_->on_send(); }
    void on_response(const http::ResponseOrError& answer) override {
        operation_->on_response(answer);
        const auto& reply = operation_->outcome();
        if (reply && !reply->error.empty())
            try_loose_form(member(reply->body, "Item"), reply->date);
        // Now, since a vote that has its commit mostly waits for KMS; and not of a new attempt.
        if (operation_->outcome()) verdict_ = judged();
    }

    [[nodiscard]] http::CallStats stats() const override {
        http::CallStats sum = before_;
        sum += operation_->stats();
        return sum;
    }

private:
    [[nodiscard]] const tezos::SigningPosition& position() const { return proposal().position; }
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
                return to_body(commit_update(table_, proposal(), fence, asked_));
            },
            std::string(dynamodb::condition_failed), aws::Hedge::WhenSlow);
    }

    void try_loose_form(const Json* item, WallTime date) {
        if (tried_loose_ || item == nullptr || !is_row_of(*item, position().watermark)) return;
        const auto row = parse_row(*item);
        if (!row || compare(position(), proposal().digest, *row) != tezos::RowComparison::Higher)
            return;
        if (!passes_loose_fence(row->pace, pace_at(date))) return;
        // A loose form that failed by the local clock may pass by AWS's.
        tried_loose_ = true;
        before_ = stats();
        attempt(Fence::Loose, date);
    }

    [[nodiscard]] Verdict verdict() override {
        if (verdict_) return std::move(*verdict_);
        return std::unexpected(operation_->outcome().error());
    }

    [[nodiscard]] Verdict judged() {
        const auto& reply = operation_->outcome();
        const bool refused = !reply->error.empty();
        const Json* item = member(reply->body, refused ? "Item" : "Attributes");
        if (refused && item == nullptr) return Refused{};
        if (item == nullptr || !is_row_of(*item, position().watermark)) {
            return suspicious("answered another row than the one that was written");
        }
        const auto row = parse_row(*item);
        if (!row && refused) return damaged_row();
        if (!row) return suspicious("confirmed a write with a row that cannot be read");
        if (!refused) return applied(*row);
        if (is_contradiction(*row)) return suspicious("refused a write that its own row allows");
        lower_bound_.seen(position().watermark, row->at, row->pace);
        return Refused{row};
    }

    [[nodiscard]] Verdict applied(const tezos::Row& row) {
        if (row.at == position().at && row.digest == proposal().digest) {
            lower_bound_.seen(position().watermark, row.at, row.pace);
        }
        return Applied{row, excess(row.pace, pace_at(asked_))};
    }

    /// The row as it was allowed this very write.
    [[nodiscard]] bool is_contradiction(const tezos::Row& row) const {
        const bool fence_held = fence_ == Fence::Tight
                                    ? row.pace >= pace_at(asked_)
                                    : passes_loose_fence(row.pace, pace_at(asked_));
        return fence_held &&
               compare(position(), proposal().digest, row) == tezos::RowComparison::Higher;
    }

    aws::Service& dynamodb_;
    const std::string& table_;
    tezos::LowerBound& lower_bound_;
    Fence fence_ = Fence::Tight;
    bool tried_loose_ = false;
    WallTime asked_{};  // the time that the last write named
    std::unique_ptr<aws::Operation> operation_;
    std::optional<Verdict> verdict_;  // once there is an answer to judge
    http::CallStats before_;          // of the tight form, once the loose one has begun
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

}  // namespace redoubt::adapters
