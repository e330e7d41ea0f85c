// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <algorithm>

#include <redoubt/adapters/tezos/sealed_table.hpp>
#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/base/encoding.hpp>

namespace redoubt::tezos_operator {
namespace {

namespace dynamodb = aws::dynamodb;

/// The lowest position above a row's; null at the end of all levels, or of the row's own.
Json next_position(const tezos::Row& row) {
    std::int64_t level = row.at.level.value();
    std::int64_t round = std::int64_t{row.at.round.value()} + 1;
    if (row.at.round == tezos_adapters::highest_round) {
        ++level;
        round = 0;
    }
    const std::int64_t last = row.until ? row.until->value() : tezos::max_int31;
    return level > last ? Json() : Json{{"level", level}, {"round", round}};
}

/// What `until` and the loose form of the fence allow: pace_of(level, now) is not above the row's
/// and slack. (Nobody's pace is as far from zero as the bounds here, so that nothing overflows.)
std::int64_t highest_allowed(const tezos::Row& row, WallTime now) {
    constexpr std::int64_t bound = 1'000'000'000'000'000'000;
    const std::int64_t ms = std::clamp(row.pace.value(), -bound, bound) + unix_ms(now);
    const std::int64_t last = row.until ? row.until->value() : tezos::max_int31;
    return std::clamp<std::int64_t>((ms + tezos::pace_slack.count()) / 1000, 0, last);
}

/// Of a key: three on each of a thousand chains. Whoever may write to the table could fill the
/// function's memory, and an answer that Lambda does not take.
constexpr std::size_t most_items = 3000;

/// A date that a calendar of four digits has.
Json date(std::int64_t ms) {
    constexpr std::int64_t year_10000 = 253'402'300'800'000;
    return ms < 0 || ms >= year_10000 ? Json() : Json(rfc3339(WallTime(Milliseconds(ms))));
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
                {"until", row.until ? Json(row.until->value()) : Json()},
                {"written", date(row.written_ms)},
                {"level_closed", row.at.round == tezos_adapters::highest_round},
                {"signs_from", next_position(row)},
                {"signs_up_to", highest_allowed(row, now)}});
    return out;
}

Json item_to_json(const tezos::KeyHash& key, const Json& item, WallTime now) {
    const std::string* scope = dynamodb::read_text(item, "scope");
    const auto id = scope == nullptr ? std::nullopt : tezos_adapters::parse_scope(key, *scope);
    const auto row = tezos_adapters::parse_row(item);
    if (id && row) return to_json(*id, *row, now);
    return {{"pkh", tezos::to_text(key)},
            {"scope", scope == nullptr ? Json() : Json(*scope)},
            {"damaged", true}};
}

Result<std::vector<Json>> read_pages(const Context& context, const std::string& operation,
                                     const std::function<std::string(const Json&)>& make_body,
                                     SteadyTime deadline) {
    std::vector<Json> found;
    Json start;
    do {
        aws::Operation page(context.dynamodb, operation,
                            [&make_body, &start] { return make_body(start); });
        io::Exchange* const exchange = &page;
        context.runner.run({&exchange, 1}, deadline);
        const auto& reply = page.outcome();
        if (!reply) return std::unexpected(reply.error());
        const Json* items = member(reply->body, "Items");
        if (items == nullptr || !items->is_array()) {
            return fail(Code::TableRefused,
                        "the table answered a read without a list of items: look at the table and "
                        "its endpoint");
        }
        found.insert(found.end(), items->begin(), items->end());
        if (found.size() > most_items) {
            return fail(Code::TableRefused,
                        "the table has more rows than any signer: who writes there?");
        }
        const Json* last = member(reply->body, "LastEvaluatedKey");
        start = last == nullptr ? Json() : *last;
    } while (!start.is_null());
    return found;
}

Result<std::vector<Json>> read_items(const Context& context, const tezos::KeyHash& key,
                                     SteadyTime deadline) {
    dynamodb::Query query{context.table, "#pkh = :pkh", ObjectText().add("#pkh", "pkh"),
                          ObjectText().add(":pkh", dynamodb::text(tezos::to_text(key))), Json()};
    auto items = read_pages(
        context, "Query",
        [&query](const Json& start) {
            query.start = start;
            return to_body(query);
        },
        deadline);
    if (!items) return items;
    // A sealed key lies beside its own rows.
    std::erase_if(*items,
                  [&key](const Json& item) { return tezos_adapters::is_item_of(item, key); });
    return items;
}

}  // namespace redoubt::tezos_operator
