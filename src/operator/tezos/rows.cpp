// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/base/encoding.hpp>

namespace redoubt::tezos_operator {
namespace {

namespace dynamodb = aws::dynamodb;

/// A row as found, or what can be said of one that is damaged.
Json item_to_json(const tezos::KeyHash& key, const Json& item) {
    const std::string* scope = dynamodb::read_text(item, "scope");
    const auto id = scope == nullptr ? std::nullopt : tezos_adapters::parse_scope(key, *scope);
    const auto row = tezos_adapters::parse_row(item);
    if (id && row) return to_json(*id, *row);
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

Json to_json(const tezos::WatermarkId& id, const tezos::Row& row) {
    Json out = to_json(id);
    out.update({{"level", row.at.level.value()},
                {"round", row.at.round.value()},
                {"digest", row.digest ? Json(to_hex(*row.digest)) : Json()},
                {"at", row.written_ms},
                {"pace", row.pace.value()}});
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
            for (const Json& item : *items) rows.push_back(item_to_json(key.hash, item));
        }
        const Json* last = member(reply->body, "LastEvaluatedKey");
        query.start = last == nullptr ? Json() : *last;
    } while (!query.start.is_null());
    return {};
}

}  // namespace redoubt::tezos_operator
