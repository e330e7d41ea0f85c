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
Json shown(const tezos::Scope& scope, const tezos::Row& row) {
    return {{"pkh", tezos::to_text(scope.key)},
            {"chain", tezos::to_text(scope.chain)},
            {"kind", tezos::name(scope.kind)},
            {"level", row.at.level.value()},
            {"round", row.at.round.value()},
            {"digest", row.digest ? Json(to_hex(*row.digest)) : Json()},
            {"at", row.written_ms},
            {"pace", row.pace.value()}};
}

/// What became of one row that a command was to write.
struct Written {
    tezos::Scope scope;
    std::string outcome;  // "armed", "raised", "unchanged"; or the code of `error`
    std::optional<tezos::Row> row;
    std::optional<Error> error;
};

Written written(const tezos::Scope& scope, std::string outcome, std::optional<tezos::Row> row) {
    return {scope, std::move(outcome), std::move(row), std::nullopt};
}

Written failed(const tezos::Scope& scope, Error error, std::optional<tezos::Row> row = {}) {
    return {scope, std::string(name(error.code)), std::move(row), std::move(error)};
}

using MakeUpdate = std::function<dynamodb::Update(const tezos::Scope&)>;
/// Judges the row that refused; nothing if there was no row.
using JudgeRefusal = std::function<Written(const tezos::Scope&, std::optional<tezos::Row>)>;

Written judge(const tezos::Scope& scope, const Result<aws::Reply>& reply, std::string_view done,
              const JudgeRefusal& judge_refusal) {
    if (!reply) return failed(scope, reply.error());
    const bool refused = !reply->error.empty();
    const Json* item = member(reply->body, refused ? "Item" : "Attributes");
    const auto row = item == nullptr ? std::nullopt : parse_row(*item);
    if (item == nullptr ? !refused : !is_row_of(*item, scope)) {
        return failed(scope, {Code::TableRefused,
                              "the table answered another row than the one asked for: look at the "
                              "table and its endpoint",
                              {}});
    }
    if (item != nullptr && !row) {
        return failed(
            scope, {Code::DamagedRow, "the row lacks an attribute or has one of another type", {}});
    }
    if (refused) return judge_refusal(scope, row);
    return written(scope, std::string(done), row);
}

/// The writes of a command, side by side, each row on its own.
std::vector<Written> write_rows(const std::vector<tezos::Scope>& scopes, aws::Service& table,
                                http::Driver& driver, SteadyTime deadline,
                                const MakeUpdate& make_update, std::string_view done,
                                const JudgeRefusal& judge_refusal) {
    std::vector<std::unique_ptr<aws::Operation>> operations;
    std::vector<http::Dialogue*> dialogues;
    operations.reserve(scopes.size());
    dialogues.reserve(scopes.size());
    for (const tezos::Scope& scope : scopes) {
        operations.push_back(std::make_unique<aws::Operation>(
            table, "UpdateItem", [&make_update, scope] { return to_body(make_update(scope)); },
            std::string(dynamodb::condition_failed)));
        dialogues.push_back(operations.back().get());
    }
    driver.run(dialogues, deadline);
    std::vector<Written> results;
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        results.push_back(judge(scopes[i], operations[i]->outcome(), done, judge_refusal));
    }
    return results;
}

/// All rows with their outcomes; not ok, with the first error, if any failed.
Answered report(const std::vector<Written>& results) {
    Json rows = Json::array();
    std::optional<Error> first_error;
    for (const Written& result : results) {
        Json row = result.row ? shown(result.scope, *result.row)
                              : Json{{"pkh", tezos::to_text(result.scope.key)},
                                     {"chain", tezos::to_text(result.scope.chain)},
                                     {"kind", tezos::name(result.scope.kind)}};
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
Written judge_armed(const tezos::Scope& scope, const std::optional<tezos::Row>& row,
                    tezos::Level level) {
    if (!row) {
        return failed(
            scope, {Code::TableRefused, "the table refused to create a row and showed none", {}});
    }
    const tezos::Position armed{level, highest_round};
    if (row->at == armed && !row->digest && !row->signature) {
        return written(scope, "unchanged", row);
    }
    return failed(scope,
                  {Code::AlreadySigned,
                   "this row exists already, at " + to_text(row->at) +
                       ", and was left as it is; to lift it use `raise`",
                   {}},
                  row);
}

Written judge_raised(const tezos::Slot& slot, const std::optional<tezos::Row>& row) {
    if (!row) return failed(slot.scope, not_armed(slot));
    if (row->at >= slot.at) return written(slot.scope, "unchanged", row);
    return failed(slot.scope,
                  {Code::TooFarAhead,
                   to_text(slot.at) +
                       " is further ahead than the time since the last arm or raise allows at one "
                       "level a second; if the chain's head really is there, add `force`: true",
                   {}},
                  row);
}

/// A row as found, or what can be said of one that is damaged.
Json shown_item(const tezos::KeyHash& key, const Json& item) {
    const std::string* scope_name = dynamodb::read_text(item, "scope");
    const auto scope = scope_name == nullptr ? std::nullopt : parse_scope(key, *scope_name);
    const auto row = parse_row(item);
    if (scope && row) return shown(*scope, *row);
    return {{"pkh", tezos::to_text(key)},
            {"scope", scope_name == nullptr ? Json() : Json(*scope_name)},
            {"damaged", true}};
}

/// Appends the rows of a key to `rows`, page by page.
Result<void> read_rows(const tezos::NamedKey& key, const std::string& table, aws::Service& service,
                       http::Driver& driver, SteadyTime deadline, Json& rows) {
    dynamodb::Query query{table, "#pkh = :pkh", ObjectText().add("#pkh", "pkh"),
                          ObjectText().add(":pkh", dynamodb::text(key.address)), Json()};
    do {
        aws::Operation operation(service, "Query", [&query] { return to_body(query); });
        http::Dialogue* const dialogue = &operation;
        driver.run({&dialogue, 1}, deadline);
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

OperatorCommands::OperatorCommands(Settings settings, aws::Service& dynamodb, http::Driver& driver)
    : settings_(std::move(settings)), dynamodb_(dynamodb), driver_(driver) {}

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
        const tezos::NamedKey& key = settings_.consensus_keys[i];
        keys.push_back({{"arn", settings_.key_arns[i]},
                        {"pkh", key.address},
                        {"public_key", key.public_key_text}});
        const auto read = read_rows(key, settings_.table, dynamodb_, driver_, deadline, rows);
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
    const auto scopes = read_scopes(command, settings_.consensus_keys);
    if (!scopes) return refused(scopes.error());
    const auto level = read_int31_field(command, "level");
    if (!level) return refused(level.error());
    const tezos::Level at(*level);
    return report(write_rows(
        *scopes, dynamodb_, driver_, deadline,
        [&](const tezos::Scope& scope) {
            return arm_update(settings_.table, scope, at, dynamodb_.clock().now());
        },
        "armed",
        [&](const tezos::Scope& scope, const std::optional<tezos::Row>& row) {
            return judge_armed(scope, row, at);
        }));
}

Answered OperatorCommands::raise(const Json& command, SteadyTime deadline) const {
    if (auto fields = demand_fields(command, {"chain", "level", "round", "keys", "force"});
        !fields) {
        return refused(fields.error());
    }
    const auto scopes = read_scopes(command, settings_.consensus_keys);
    if (!scopes) return refused(scopes.error());
    const auto level = read_int31_field(command, "level");
    if (!level) return refused(level.error());
    const auto round = member(command, "round") == nullptr ? Result<std::uint32_t>(tezos::max_int31)
                                                           : read_int31_field(command, "round");
    if (!round) return refused(round.error());
    const auto force = read_force(command);
    if (!force) return refused(force.error());
    const tezos::Position at{tezos::Level(*level), tezos::Round(*round)};
    return report(write_rows(
        *scopes, dynamodb_, driver_, deadline,
        [&](const tezos::Scope& scope) {
            return raise_update(settings_.table, {scope, at}, *force, dynamodb_.clock().now());
        },
        "raised",
        [&](const tezos::Scope& scope, const std::optional<tezos::Row>& row) {
            return judge_raised({scope, at}, row);
        }));
}

}  // namespace redoubt::adapters
