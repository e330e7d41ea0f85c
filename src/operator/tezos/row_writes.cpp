// SPDX-License-Identifier: Apache-2.0
#include "row_writes.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include <redoubt/adapters/tezos/watermark_table.hpp>

#include "rows.hpp"

namespace redoubt::tezos_operator {
namespace {

Error contradiction() {
    return {Code::TableRefused,
            "the table refused a write that its own row allows: look at the table and its endpoint "
            "before signing on",
            {}};
}

Error unread_row() {
    return {Code::DamagedRow,
            "this row lacks an attribute or has one of another type, and this would leave it as it "
            "is: `raise` to a level above it, with `force`, writes it anew if its level is a "
            "number",
            {}};
}

/// One write under way.
class PendingRow {
public:
    PendingRow(const RowWrite& write, const FoundRow& before, const Context& context)
        : write_(write), before_(before), clock_(context.dynamodb.clock()) {}

    aws::Operation& begin(const Context& context) {
        operation_ = std::make_unique<aws::Operation>(
            context.dynamodb, "UpdateItem",
            [this] {
                asked_ = clock_.now();
                return to_body(write_.make_update(asked_));
            },
            std::string(aws::dynamodb::condition_failed));
        return *operation_;
    }

    /// Of a dry run, if it was never begun.
    [[nodiscard]] RowOutcome outcome() const {
        if (operation_) return judge(operation_->outcome());
        if (before_.is_damaged()) return judge_damaged();
        return write_.judge(before_.row, clock_.now());
    }

    [[nodiscard]] Json to_json(const RowOutcome& result) const {
        const WallTime now = clock_.now();
        const Json before = found_to_json(now);
        Json row = result.row ? tezos_operator::to_json(write_.id, *result.row, now)
                              : tezos_operator::to_json(write_.id);
        const bool is_left_damaged = result.error && result.error->code == Code::DamagedRow;
        Json after = result.row ? row : is_left_damaged ? before : Json();
        row.update({{"outcome", result.outcome}, {"before", before}, {"after", std::move(after)}});
        if (result.error) row["msg"] = result.error->message;
        return row;
    }

private:
    [[nodiscard]] RowOutcome judge(const Result<aws::Reply>& reply) const {
        if (!reply) return RowOutcome::failed(reply.error());
        const auto judged = tezos_adapters::judge_write(*reply, tezos_adapters::row_key(write_.id));
        if (!judged) return RowOutcome::failed(judged.error());
        if (judged->is_applied) return {write_.outcome, judged->row};
        RowOutcome refused = write_.judge(judged->row, asked_);
        if (refused.outcome != write_.outcome) return refused;
        return RowOutcome::failed(contradiction(), judged->row);
    }
    [[nodiscard]] RowOutcome judge_damaged() const {
        const auto row = tezos_adapters::parse_damaged_row(before_.item);
        if (!write_.may_mend || !row) return RowOutcome::failed(unread_row());
        RowOutcome mended = write_.judge(row, clock_.now());
        return mended.outcome == write_.outcome ? mended : RowOutcome::failed(unread_row());
    }
    [[nodiscard]] Json found_to_json(WallTime now) const {
        return before_.item.is_null() ? Json() : item_to_json(write_.id.key, before_.item, now);
    }

    const RowWrite& write_;
    const FoundRow& before_;
    const aws::CorrectedClock& clock_;
    WallTime asked_{};  // the time that the last write named
    std::unique_ptr<aws::Operation> operation_;
};

}  // namespace

RowOutcome RowOutcome::failed(Error error, std::optional<tezos::Row> row) {
    return {std::string(name(error.code)), std::move(row), std::move(error)};
}

Result<std::vector<FoundRow>> find_rows(const std::vector<tezos::WatermarkId>& ids,
                                        const Context& context, SteadyTime deadline) {
    std::vector<FoundRow> found;
    for (const tezos::WatermarkId& id : ids) found.push_back({id, Json(), std::nullopt});
    std::set<tezos::KeyHash> keys;
    for (const tezos::WatermarkId& id : ids) keys.insert(id.key);
    for (const tezos::KeyHash& key : keys) {
        const auto items = read_items(context, key, deadline);
        if (!items) return std::unexpected(items.error());
        for (const Json& item : *items) {
            for (FoundRow& row : found) {
                if (!tezos_adapters::is_row_of(item, tezos_adapters::row_key(row.id))) continue;
                row.item = item;
                row.row = tezos_adapters::parse_row(item);
            }
        }
    }
    return found;
}

operators::CommandResult write_rows(const std::vector<RowWrite>& writes,
                                    const std::vector<FoundRow>& before, const Context& context,
                                    bool is_dry_run, SteadyTime deadline) {
    std::vector<PendingRow> pending;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        pending.emplace_back(writes[i], before[i], context);
    }
    operators::CommandResult result;
    if (is_dry_run) {
        result.members["dry_run"] = true;
    } else {
        std::vector<io::Exchange*> exchanges;
        for (PendingRow& row : pending) exchanges.push_back(&row.begin(context));
        context.runner.run(exchanges, deadline);
    }
    Json rows = Json::array();
    for (const PendingRow& row : pending) {
        const RowOutcome outcome = row.outcome();
        if (!result.error) result.error = outcome.error;
        rows.push_back(row.to_json(outcome));
    }
    result.members["rows"] = std::move(rows);
    return result;
}

operators::CommandResult write_rows(
    const std::vector<tezos::WatermarkId>& ids, const Context& context, bool is_dry_run,
    SteadyTime deadline, const std::function<RowWrite(const tezos::WatermarkId&)>& make_write) {
    const auto before = find_rows(ids, context, deadline);
    if (!before) return operators::failed(before.error());
    std::vector<RowWrite> writes;
    for (const tezos::WatermarkId& id : ids) writes.push_back(make_write(id));
    return write_rows(writes, *before, context, is_dry_run, deadline);
}

std::optional<std::string> note_of_ended(const Json& rows) {
    const auto is_ended = [](const Json& row) { return row.at("signs_from").is_null(); };
    if (std::ranges::none_of(rows, is_ended)) return std::nullopt;
    return "a row whose `signs_from` is null signs nothing any more: its `until` is passed, the "
           "key was handed over";
}

}  // namespace redoubt::tezos_operator
