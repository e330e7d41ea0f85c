// SPDX-License-Identifier: Apache-2.0
// Tokens and roles that were given rights: which there are, and their end.
#include <array>

#include <redoubt/aws/dynamodb/write_reply.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

#include "fields.hpp"
#include "grants.hpp"
#include "paging.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;

/// So many or more are a page. One that names a hundred keys is 10 KB, so with those that come
/// along (as many as are looked at) an answer stays below the 6 MB that Lambda takes.
constexpr std::size_t page_of_tokens = 100;
constexpr unsigned looked_at = 20;  // of each part of the table

/// The item of `id` or `principal`.
Result<dynamodb::ItemKey> read_name(const Json& fields) {
    if (fields.contains("id") == fields.contains("principal")) {
        return bad_request("give `id`, of a token, or `principal`, the ARN of a role");
    }
    if (fields.contains("principal")) {
        const auto role = read_principal(fields);
        if (!role) return std::unexpected(role.error());
        return ethereum_adapters::principal_key(*role);
    }
    const std::string* text = string_member(fields, "id");
    const auto id = text == nullptr ? std::nullopt : access::TokenId::parse(*text);
    if (!id) {
        return bad_request(
            "`id` must be that of a token, 16 hexadecimal digits in small letters: "
            "what is between its two underscores");
    }
    return ethereum_adapters::token_key(*id);
}

/// Whether there was one.
Result<bool> delete_item(const Context& context, const dynamodb::ItemKey& key,
                         SteadyTime deadline) {
    std::string body = ObjectText()
                           .add("TableName", context.table)
                           .add("Key", dynamodb::to_attributes(key))
                           .add("ReturnValues", "ALL_OLD")
                           .text();
    aws::Operation operation(context.dynamodb, "DeleteItem", [&body] { return body; });
    const std::array<io::Exchange*, 1> exchanges = {&operation};
    context.runner.run(exchanges, deadline);
    const auto& reply = operation.outcome();
    if (!reply) return std::unexpected(reply.error());
    const Json* was = member(reply->body, "Attributes");
    if (was != nullptr && !dynamodb::has_key(*was, key)) {
        return dynamodb::suspicious("answered another item than the one that was deleted");
    }
    return was != nullptr;
}

operators::CommandResult run_revoke(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    const auto key = read_name(fields);
    if (!key) return operators::failed(key.error());
    const auto was_there = delete_item(context, *key, deadline);
    if (!was_there) return operators::failed(was_there.error());
    return {.members = {
                {"outcome", *was_there ? "revoked" : "unchanged"},
                {"note", *was_there ? "signers that have seen it forget it within a minute"
                                    : "the table has no such one: `list_tokens` shows those that "
                                      "there are"}}};
}

/// Of a token or a role; of neither if it can't be read.
std::optional<Json> describe(const Json& item, WallTime now) {
    if (const auto token = ethereum_adapters::parse_token_item(item)) {
        Json out = members_of(token->grant, now);
        out.update({{"id", token->id.text()}, {"path", token->is_for_path}});
        return out;
    }
    if (const auto principal = ethereum_adapters::parse_principal_item(item)) {
        Json out = members_of(principal->grant, now);
        out["principal"] = principal->role.text();
        return out;
    }
    return std::nullopt;
}

operators::CommandResult run_list(const Context& context, const Json& fields, SteadyTime deadline) {
    auto position = read_after(fields);
    if (!position) return operators::failed(position.error());
    const ScanFor wanted{{std::string(ethereum_adapters::token_prefix),
                          std::string(ethereum_adapters::principal_prefix)},
                         {"hash", "ops", "keys", "tags", "all", "not_after", "path", "label"},
                         looked_at};
    const auto items = scan_items(context, wanted, *position, page_of_tokens, deadline);
    if (!items) return operators::failed(items.error());
    const WallTime now = context.dynamodb.clock().now();
    Json tokens = Json::array();
    Json damaged = Json::array();
    for (const Json& item : *items) {
        if (auto told = describe(item, now)) {
            tokens.push_back(std::move(*told));
        } else if (const std::string* id = dynamodb::read_text(item, "id")) {
            damaged.push_back(*id);
        }
    }
    return {.members = {{"tokens", std::move(tokens)},
                        {"damaged", std::move(damaged)},
                        {"next", to_next(*position)}}};
}

}  // namespace

operators::Command revoke_token(const Context& context) {
    return operators::bound("revoke_token", {"id", "principal"}, context, run_revoke);
}

operators::Command list_tokens(const Context& context) {
    return operators::bound("list_tokens", {"after"}, context, run_list);
}

}  // namespace redoubt::ethereum_operator
