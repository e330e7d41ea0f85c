// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <span>

#include <redoubt/adapters/tezos/watermark_table.hpp>

#include "checks.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

/// Bakers sign for the level after the head, and nodes lag; the fence's own slack, in levels.
constexpr std::uint32_t near = 300;
constexpr Milliseconds long_time = std::chrono::hours(7 * 24);

/// An item of a key. `row`: nothing if it is damaged.
struct Read {
    tezos::WatermarkId id;
    std::optional<tezos::Row> row;
};

const char* why_ahead(const tezos::Row& row, const Present& present, const Head* head) {
    if (head != nullptr && row.at.level.value() > head->level.value() + near) {
        return "is beyond the head; at level ";
    }
    if (row.at.level > present.unlikely) return "no known chain is there: at level ";
    if (!tezos::passes_loose_fence(row.pace, tezos::pace_of(row.at.level, present.now))) {
        return "is beyond its own fence; at level ";
    }
    return "";
}

/// Whether what the row commits is over: by its own position, or the head's.
bool is_over(const tezos::Row& row, const Head* head) {
    return row.until &&
           (row.at.level >= *row.until || (head != nullptr && head->level > *row.until));
}

void check_row(const std::string& of, const tezos::Row& row, const Present& present,
               const Head* head, Report& report) {
    // Nobody waits for one that signs nothing any more.
    const bool signs = !is_over(row, head);
    const std::string_view ahead = signs ? why_ahead(row, present, head) : "";
    report.add(Check::RowAhead, of, !ahead.empty(), ahead, std::to_string(row.at.level.value()));
    const auto passes = [&](tezos::Level level) {
        return tezos::passes_loose_fence(row.pace, tezos::pace_of(level, present.now));
    };
    report.add(Check::RowFenceOpen, of, signs && passes(present.unlikely),
               "its fence lets pass what no chain can have");
    report.add(Check::RowFenceShut, of, signs && head != nullptr && !passes(head->level),
               "its fence refuses the head's level as too_far_ahead");
}

/// All rows of one chain.
void check_chain(const std::string& of, std::span<const Read> rows, const Present& present,
                 const Head* head, Report& report) {
    std::int64_t newest = 0;
    std::size_t sound = 0;
    std::size_t limited = 0;
    bool any_over = false;
    for (const Read& read : rows) {
        if (!read.row) continue;
        ++sound;
        newest = std::max(newest, read.row->written_ms);
        limited += std::size_t(read.row->until.has_value());
        any_over = any_over || is_over(*read.row, head);
    }
    report.add(Check::RowsComplete, of, rows.size() != tezos::all_kinds.size(),
               "not all three kinds have a row");
    const bool is_half = limited != 0 && limited != sound;
    report.add(Check::RowsHalfHandedOver, of, is_half, "some rows have `until`, others not");
    report.add(Check::RowsHandedOver, of, !is_half && any_over,
               "was handed over: nothing above its `until` is signed here");
    report.add(Check::RowsIdle, of,
               sound != 0 && limited == 0 && newest < unix_ms(present.now - long_time),
               "nothing was written for a week");
}

/// The head, if it is of that chain.
const Head* head_of(const Present& present, const tezos::ChainId& chain) {
    return present.head && present.head->chain == chain ? &*present.head : nullptr;
}

}  // namespace

void check_rows(const tezos::KeyInfo& key, const std::vector<Json>& items, const Present& present,
                Report& report) {
    report.add(Check::KeyArmed, key.address, items.empty(), "has no rows: it signs nothing");
    std::vector<Read> rows;
    for (const Json& item : items) {
        const std::string* scope = aws::dynamodb::read_text(item, "scope");
        const auto id =
            scope == nullptr ? std::nullopt : tezos_adapters::parse_scope(key.hash, *scope);
        auto row = tezos_adapters::parse_row(item);
        const std::string of = key.address + " " + (scope == nullptr ? "?" : *scope);
        report.add(Check::RowDamaged, of, !id || !row, "can't be read: nothing is signed for it");
        if (!id) continue;
        if (row) check_row(of, *row, present, head_of(present, id->chain), report);
        rows.push_back({*id, std::move(row)});
    }
    // A key's items come by their scope, so those of a chain one after the other.
    for (auto first = rows.begin(); first != rows.end();) {
        const tezos::ChainId chain = first->id.chain;
        const auto last = std::ranges::find_if(
            first, rows.end(), [&chain](const Read& read) { return read.id.chain != chain; });
        check_chain(key.address + " " + tezos::to_text(chain), {first, last}, present,
                    head_of(present, chain), report);
        first = last;
    }
}

}  // namespace redoubt::tezos_operator::doctor
