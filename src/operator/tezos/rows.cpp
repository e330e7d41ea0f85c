// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <algorithm>

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/base/encoding.hpp>

namespace redoubt::tezos_operator {
namespace {

namespace dynamodb = aws::dynamodb;

/// The lowest position above a row's; null at the end of all levels.
Json next_position(const tezos::Position& at) {
    if (at.round < tezos_adapters::highest_round) {
        return {{"level", at.level.value()}, {"round", at.round.value() + 1}};
    }
    if (at.level.value() == tezos::max_int31) return {};
    return {{"level", at.level.value() + 1}, {"round", 0}};
}

/// What the loose form of the fence allows: pace_of(level, now) is not above the row's and slack.
/// (Nobody's pace is as far from zero as the bounds here, so that nothing overflows.)
std::int64_t highest_allowed(tezos::Pace pace, WallTime now) {
    constexpr std::int64_t bound = 1'000'000'000'000'000'000;
    const std::int64_t ms = std::clamp(pace.value(), -bound, bound) + unix_ms(now);
    return std::clamp<std::int64_t>((ms + tezos::pace_slack.count()) / 1000, 0, tezos::max_int31);
}

/// A date that a calendar of four digits has.
Json date(std::int64_t ms) {
    constexpr std::int64_t year_10000 = 253'402'300'800'000;
    return ms < 0 || ms >= year_10000 ? Json() : Json(rfc3339(WallTime(Milliseconds(ms))));
}

/// A row as found, or what can be said of one that is damaged.
Json item_to_json(const tezos::KeyHash& key, const Json& item, WallTime now) {
    const std::string* scope = dynamodb::read_text(item, "scope");
    const auto id = scope == nullptr ? std::nullopt : tezos_adapters::parse_scope(key, *scope);
    const auto row = tezos_adapters::parse_row(item);
    if (id && row) return to_json(*id, *row, now);
    return {{"pkh", tezos::to_text(key)},
            {"scope", scope == nullptr ? Json() : Json(*scope)},
            {"damaged", true}};
}

}  // namespace

Json to_json(const tezos::WatermarkId& id) {
    return {{"pkh", tezos::to_text(id.key)},
            {"chain", tezos::to_text(id.chain)},
            {"kind", tezos::name(id.kind)}};
}

Json to_json(const tezos::WatermarkId& id, const tezos::Row& row, WallTime now) {
    Json out = to_json(id);
    out.update({{"level", row.at.level.value()},
                {"round", row.at.round.value()},
                {"digest", row.digest ? Json(to_hex(*row.digest)) : Json()},
                {"at", row.written_ms},
                {"pace", row.pace.value()},
                {"written", date(row.written_ms)},
                {"level_closed", row.at.round == tezos_adapters::highest_round},
                {"signs_from", next_position(row.at)},
                {"signs_up_to", highest_allowed(row.pace, now)}});
    return out;
}

Result<void> read_rows(const Context& context, const tezos::KeyInfo& key, SteadyTime deadline,
                       Json& rows) {
    dynamodb::Query query{context.table, "#pkh = :pkh", ObjectText().add("#pkh", "pkh"),
                          ObjectText().add(":pkh", dynamodb::text(key.address)), Json()};
    do {
        aws::Operation operation(context.dynamodb, "Query", [&query] { return to_body(query); });
        io::Exchange* const exchange = &operation;
        context.runner.run({&exchange, 1}, deadline);
        const auto& reply = operation.outcome();
        if (!reply) return std::unexpected(reply.error());
        if (const Json* items = member(reply->body, "Items"); items != nullptr) {
            const WallTime now = context.dynamodb.clock().now();
            for (const Json& item : *items) rows.push_back(item_to_json(key.hash, item, now));
        }
        const Json* last = member(reply->body, "LastEvaluatedKey");
        query.start = last == nullptr ? Json() : *last;
    } while (!query.start.is_null());
    return {};
}

}  // namespace redoubt::tezos_operator
