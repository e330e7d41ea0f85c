// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/commands.hpp>

#include <algorithm>
#include <functional>
#include <memory>

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/base/encoding.hpp>

#include "fields.hpp"

namespace redoubt::adapters {
namespace {

namespace dynamodb = aws::dynamodb;
using Answered = OperatorCommands::Answered;

Answered refused(Error error) {
    Json answer = operator_error(error);
    return {std::move(answer), std::move(error)};
}

Answered refused(Code code, std::string message) {
    return refused(Error{code, std::move(message), {}});
}

/// `{pkh, chain, kind, level, round, digest, at, pace}`
Json shown(const tezos::WatermarkId& id, const tezos::Row& row) {
    return {{"pkh", tezos::to_text(id.key)},
            {"chain", tezos::to_text(id.chain)},
            {"kind", tezos::name(id.kind)},
            {"level", row.at.level.value()},
            {"round", row.at.round.value()},
            {"digest", row.digest ? Json(to_hex(*row.digest)) : Json()},
            {"at", row.written_ms},
            {"pace", row.pace.value()}};
}

/// What became of one row that a command was to write.
struct Written {
    tezos::WatermarkId id;
    std::string outcome;  // "armed", "raised", "unchanged"; or the code of `error`
    std::optional<tezos::Row> row;
    std::optional<Error> error;
};

Written written(const tezos::WatermarkId& id, std::string outcome, std::optional<tezos::Row> row) {
    return {id, std::move(outcome), std::move(row), std::nullopt};
}

Written failed(const tezos::WatermarkId& id, Error error, std::optional<tezos::Row> row = {}) {
    return {id, std::string(name(error.code)), std::move(row), std::move(error)};
}

using MakeUpdate = std::function<dynamodb::Update(const tezos::WatermarkId&)>;
/// Judges the row that refused; nothing if there was no row.
using JudgeRefusal = std::function<Written(const tezos::WatermarkId&, std::optional<tezos::Row>)>;

Written judge(const tezos::WatermarkId& id, const Result<aws::Reply>& reply, std::string_view done,
              const JudgeRefusal& judge_refusal) {
    if (!reply) return failed(id, reply.error());
    const bool refused = !reply->error.empty();
    const Json* item = member(reply->body, refused ? "Item" : "Attributes");
    const auto row = item == nullptr ? std::nullopt : parse_row(*item);
    if (item == nullptr ? !refused : !is_row_of(*item, id)) {
        return failed(id, {Code::TableRefused,
                           "the table answered another row than the one asked for: look at the "
                           "table and its endpoint",
                           {}});
    }
    if (item != nullptr && !row) {
        return failed(
            id, {Code::DamagedRow, "the row lacks an attribute or has one of another type", {}});
    }
    if (refused) return judge_refusal(id, row);
    return written(id, std::string(done), row);
}

/// The writes of a command, side by side, each row on its own.
std::vector<Written> write_rows(const std::vector<tezos::WatermarkId>& ids, aws::Service& table,
                                http::ExchangeRunner& runner, SteadyTime deadline,
                                const MakeUpdate& make_update, std::string_view done,
                                const JudgeRefusal& judge_refusal) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<http::Exchange*> exchanges;
    operations.reserve(ids.size());
    exchanges.reserve(ids.size());
    for (const tezos::WatermarkId& id : ids) {
        operations.push_back(std::make_unique<aws::Operation>(
            table, "UpdateItem", [&make_update, id] { return to_body(make_update(id)); },
            std::string(dynamodb::condition_failed)));
        exchanges.push_back(operations.back().get());
    }
    runner.run(exchanges, deadline);
    std::vector<Written> results;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        results.push_back(judge(ids[i], operations[i]->outcome(), done, judge_refusal));
    }
    return results;
}

/// All rows with their outcomes; not ok, with the first error, if any failed.
Answered report(const std::vector<Written>& results) {
    Json rows = Json::array();
    std::optional<Error> first_error;
    for (const Written& result : results) {
        Json row = result.row ? shown(result.id, *result.row)
                              : Json{{"pkh", tezos::to_text(result.id.key)},
                                     {"chain", tezos::to_text(result.id.chain)},
                                     {"kind", tezos::name(result.id.kind)}};
        row["outcome"] = result.outcome;
        if (result.error) row["msg"] = result.error->message;
        if (!first_error) first_error = result.error;
        rows.push_back(std::move(row));
    }
    Answered answered = first_error ? refused(*first_error)
                                    : Answered{operator_answer(Json::object()), std::nullopt};
    answered.answer["redoubt"]["rows"] = std::move(rows);
    return answered;
}

/// A row that exists: exactly as this command would have made it, or a stop.
Written judge_armed(const tezos::WatermarkId& id, const std::optional<tezos::Row>& row,
                    tezos::Level level) {
    if (!row) {
        return failed(
            id, {Code::TableRefused, "the table refused to create a row and showed none", {}});
    }
    const tezos::Position armed{level, highest_round};
    if (row->at == armed && !row->digest && !row->signature) {
        return written(id, "unchanged", row);
    }
    return failed(id,
                  {Code::AlreadySigned,
                   "this row exists already, at " + to_text(row->at) +
                       ", and was left as it is; to lift it use `raise`",
                   {}},
                  row);
}

Written judge_raised(const tezos::SigningPosition& position, const std::optional<tezos::Row>& row) {
    if (!row) return failed(position.watermark, not_armed(position));
    if (row->at >= position.at) return written(position.watermark, "unchanged", row);
    return failed(position.watermark,
                  {Code::TooFarAhead,
                   to_text(position.at) +
                       " is further ahead than the time since the last arm or raise allows at one "
                       "level a second; if the chain's head really is there, add `force`: true",
                   {}},
                  row);
}

/// A row as found, or what can be said of one that is damaged.
Json shown_item(const tezos::KeyHash& key, const Json& item) {
    const std::string* scope_name = dynamodb::read_text(item, "scope");
    const auto id = scope_name == nullptr ? std::nullopt : parse_scope(key, *scope_name);
    const auto row = parse_row(item);
    if (id && row) return shown(*id, *row);
    return {{"pkh", tezos::to_text(key)},
            {"scope", scope_name == nullptr ? Json() : Json(*scope_name)},
            {"damaged", true}};
}

/// Appends the rows of a key to `rows`, page by page.
Result<void> read_rows(const tezos::KeyInfo& key, const std::string& table, aws::Service& service,
                       http::ExchangeRunner& runner, SteadyTime deadline, Json& rows) {
    dynamodb::Query query{table, "#pkh = :pkh", ObjectText().add("#pkh", "pkh"),
                          ObjectText().add(":pkh", dynamodb::text(key.address)), Json()};
    do {
        aws::Operation operation(service, "Query", [&query] { return to_body(query); });
        http::Exchange* const exchange = &operation;
        runner.run({&exchange, 1}, deadline);
        const auto& reply = operation.outcome();
        if (!reply) return std::unexpected(reply.error());
        if (const Json* items = member(reply->body, "Items"); items != nullptr) {
            for (const Json& item : *items) rows.push_back(shown_item(key.hash, item));
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

}  // namespace

Json operator_answer(Json fields) {
    fields["ok"] = true;
    return {{"redoubt", std::move(fields)}};
}

Json operator_error(const Error& error) {
    return {{"redoubt",
             {{"ok", false}, {"error", {{"id", name(error.code)}, {"msg", error.message}}}}}};
}

OperatorCommands::OperatorCommands(Settings settings, aws::Service& dynamodb,
                                   http::ExchangeRunner& runner)
    : settings_(std::move(settings)), dynamodb_(dynamodb), runner_(runner) {}

Answered OperatorCommands::answer(const Json& event, SteadyTime deadline) const {
    const Json* command = member(event, "redoubt");
    const std::string* name = command == nullptr ? nullptr : string_member(*command, "command");
    if (name == nullptr) {
        return refused(Code::BadRequest,
                       R"(this function takes {"redoubt":{"command":"..."}} and nothing else)");
    }
    if (*name == "status") return status(*command, deadline);
    if (*name == "arm") return arm(*command, deadline);
    if (*name == "raise") return raise(*command, deadline);
    return refused(Code::BadRequest, "the commands are `status`, `arm` and `raise`");
}

Answered OperatorCommands::status(const Json& command, SteadyTime deadline) const {
    if (auto fields = demand_fields(command, {}); !fields) return refused(fields.error());
    Json keys = Json::array();
    Json rows = Json::array();
    for (std::size_t i = 0; i < settings_.consensus_keys.size(); ++i) {
        const tezos::KeyInfo& key = settings_.consensus_keys[i];
        keys.push_back({{"arn", settings_.key_arns[i]},
                        {"pkh", key.address},
                        {"public_key", key.public_key_text}});
        const auto read = read_rows(key, settings_.table, dynamodb_, runner_, deadline, rows);
        if (!read) return refused(read.error());
    }
    return {operator_answer({{"version", settings_.version},
                             {"table", settings_.table},
                             {"keys", std::move(keys)},
                             {"addresses", addresses(settings_.consensus_keys)},
                             {"authorized_keys", addresses(settings_.authorized_keys)},
                             {"rows", std::move(rows)},
                             {"limits",
                              {{"levels_a_second", 1},
                               {"pace_slack_ms", tezos::pace_slack.count()},
                               {"max_dal_bytes", tezos::max_dal_bytes}}},
                             {"clock",
                              {{"ahead_of_us_ms", dynamodb_.clock().measured_offset().count()},
                               {"corrected_by_ms", dynamodb_.clock().offset().count()}}}}),
            std::nullopt};
}

Answered OperatorCommands::arm(const Json& command, SteadyTime deadline) const {
    if (auto fields = demand_fields(command, {"chain", "level", "keys"}); !fields) {
        return refused(fields.error());
    }
    const auto ids = read_scopes(command, settings_.consensus_keys);
    if (!ids) return refused(ids.error());
    const auto level = read_int31_field(command, "level");
    if (!level) return refused(level.error());
    const tezos::Level at(*level);
    return report(write_rows(
        *ids, dynamodb_, runner_, deadline,
        [&](const tezos::WatermarkId& id) {
            return arm_update(settings_.table, id, at, dynamodb_.clock().now());
        },
        "armed",
        [&](const tezos::WatermarkId& id, const std::optional<tezos::Row>& row) {
            return judge_armed(id, row, at);
        }));
}

Answered OperatorCommands::raise(const Json& command, SteadyTime deadline) const {
    if (auto fields = demand_fields(command, {"chain", "level", "round", "keys", "force"});
        !fields) {
        return refused(fields.error());
    }
    const auto ids = read_scopes(command, settings_.consensus_keys);
    if (!ids) return refused(ids.error());
    const auto level = read_int31_field(command, "level");
    if (!level) return refused(level.error());
    const auto round = member(command, "round") == nullptr ? Result<std::uint32_t>(tezos::max_int31)
                                                           : read_int31_field(command, "round");
    if (!round) return refused(round.error());
    const auto force = read_force(command);
    if (!force) return refused(force.error());
    const tezos::Position at{tezos::Level(*level), tezos::Round(*round)};
    return report(write_rows(
        *ids, dynamodb_, runner_, deadline,
        [&](const tezos::WatermarkId& id) {
            return raise_update(settings_.table, {id, at}, *force, dynamodb_.clock().now());
        },
        "raised",
        [&](const tezos::WatermarkId& id, const std::optional<tezos::Row>& row) {
            return judge_raised({id, at}, row);
        }));
}

}  // namespace redoubt::adapters
