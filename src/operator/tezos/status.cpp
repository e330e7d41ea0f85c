// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>

#include "row_writes.hpp"

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

/// Appends the rows of a key to `rows`, page by page.
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

Json addresses(const tezos::Keys& keys) {
    Json list = Json::array();
    for (const auto& key : keys) list.push_back(key.address);
    return list;
}

Json limits() {
    return {{"levels_a_second", 1},
            {"pace_slack_ms", tezos::pace_slack.count()},
            {"max_dal_bytes", tezos::max_dal_bytes}};
}

operators::CommandResult run_status(const Context& context, SteadyTime deadline) {
    Json keys = Json::array();
    Json rows = Json::array();
    for (std::size_t i = 0; i < context.consensus_keys.size(); ++i) {
        const tezos::KeyInfo& key = context.consensus_keys[i];
        keys.push_back({{"arn", context.key_arns[i]},
                        {"pkh", key.address},
                        {"public_key", key.public_key_text}});
        const auto read = read_rows(context, key, deadline, rows);
        if (!read) return operators::failed(read.error());
    }
    const aws::CorrectedClock& clock = context.dynamodb.clock();
    return {.members = {{"version", context.version},
                        {"table", context.table},
                        {"keys", std::move(keys)},
                        {"addresses", addresses(context.consensus_keys)},
                        {"authorized_keys", addresses(context.authorized_keys)},
                        {"rows", std::move(rows)},
                        {"limits", limits()},
                        {"clock",
                         {{"ahead_of_us_ms", clock.measured_offset().count()},
                          {"corrected_by_ms", clock.offset().count()}}}}};
}

}  // namespace

operators::Command status(const Context& context) {
    return {"status", {}, [&context](const Json& /*fields*/, SteadyTime deadline) {
                return run_status(context, deadline);
            }};
}

}  // namespace redoubt::tezos_operator
