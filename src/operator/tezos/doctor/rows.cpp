// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <redoubt/adapters/tezos/watermark_table.hpp>

#include "checks.hpp"

namespace redoubt::tezos_operator::doctor {
namespace {

/// Bakers sign for the level after the head, and nodes lag; the fence's own slack, in levels.
constexpr std::uint32_t near = 300;
constexpr Milliseconds long_time = std::chrono::hours(7 * 24);

/// The sound rows of a key on one chain, and which kinds there are, damaged ones included.
struct OnChain {
    std::map<tezos::ConsensusKind, tezos::Row> rows;
    std::vector<tezos::ConsensusKind> kinds;
};

std::string why_ahead(const tezos::Row& row, const Present& present, const Head* head) {
    const std::uint32_t level = row.at.level.value();
    if (head != nullptr && level > head->level.value() + near) {
        return "at level " + std::to_string(level) + ", the head at " +
               std::to_string(head->level.value());
    }
    if (row.at.level > present.unlikely) return "no known chain is at " + std::to_string(level);
    if (!tezos::passes_loose_fence(row.pace, tezos::pace_of(row.at.level, present.now))) {
        return "at level " + std::to_string(level) + ", beyond its own fence";
    }
    return {};
}

/// Whether what the row commits is over: by its own position, or the head's.
bool is_over(const tezos::Row& row, const Head* head) {
    return row.until &&
           (row.at.level >= *row.until || (head != nullptr && head->level > *row.until));
}

void check_row(const std::string& of, const tezos::Row& row, const Present& present,
               const Head* head, Report& report) {
    report.add(Check::RowAhead, of, why_ahead(row, present, head));
    const auto wide = tezos::pace_of(present.unlikely, present.now);
    report.add_if(Check::RowFenceOpen, of, tezos::passes_loose_fence(row.pace, wide),
                  "its fence lets pass what no chain can have");
    const bool is_shut = head != nullptr && !tezos::passes_loose_fence(
                                                row.pace, tezos::pace_of(head->level, present.now));
    report.add_if(Check::RowFenceShut, of, is_shut,
                  "its fence refuses the head's level as too_far_ahead");
}

void check_chain(const std::string& of, const OnChain& on, const Present& present, const Head* head,
                 Report& report) {
    std::string missing;
    for (const tezos::ConsensusKind kind : tezos::all_kinds) {
        if (std::ranges::find(on.kinds, kind) == on.kinds.end()) {
            missing += " " + std::string(tezos::name(kind));
        }
    }
    report.add_if(Check::RowsComplete, of, !missing.empty(), "lacks:" + missing);
    std::int64_t newest = 0;
    std::size_t limited = 0;
    std::size_t over = 0;
    for (const auto& [kind, row] : on.rows) {
        newest = std::max(newest, row.written_ms);
        limited += std::size_t(row.until.has_value());
        over += std::size_t(is_over(row, head));
    }
    const bool is_half = limited != 0 && limited != on.rows.size();
    report.add_if(Check::RowsHalfHandedOver, of, is_half, "some rows have `until`, others not");
    report.add_if(Check::RowsHandedOver, of, !is_half && over != 0,
                  "was handed over: nothing above its `until` is signed here");
    const bool is_idle =
        !on.rows.empty() && limited == 0 && newest < unix_ms(present.now - long_time);
    report.add_if(Check::RowsIdle, of, is_idle, "nothing was written for a week");
}

}  // namespace

void check_rows(const tezos::KeyInfo& key, const std::vector<Json>& items, const Present& present,
                Report& report) {
    report.add_if(Check::KeyArmed, key.address, items.empty(), "has no rows: it signs nothing");
    std::map<tezos::ChainId, OnChain> chains;
    for (const Json& item : items) {
        const std::string* scope = aws::dynamodb::read_text(item, "scope");
        const auto id =
            scope == nullptr ? std::nullopt : tezos_adapters::parse_scope(key.hash, *scope);
        const auto row = tezos_adapters::parse_row(item);
        const std::string of = key.address + " " + (scope == nullptr ? "?" : *scope);
        report.add_if(Check::RowDamaged, of, !id || !row,
                      "can't be read: nothing is signed for it");
        if (!id) continue;
        OnChain& on = chains[id->chain];
        on.kinds.push_back(id->kind);
        if (!row) continue;
        on.rows.emplace(id->kind, *row);
        const bool is_head = present.head && present.head->chain == id->chain;
        check_row(of, *row, present, is_head ? &*present.head : nullptr, report);
    }
    for (const auto& [chain, on] : chains) {
        const bool is_head = present.head && present.head->chain == chain;
        check_chain(key.address + " " + tezos::to_text(chain), on, present,
                    is_head ? &*present.head : nullptr, report);
    }
}

}  // namespace redoubt::tezos_operator::doctor
