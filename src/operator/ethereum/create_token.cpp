// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/ethereum/commands.hpp>
#include <redoubt/operator/table_calls.hpp>

#include "fields.hpp"
#include "grants.hpp"
#include "table_reads.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum_adapters::to_item;

/// That the table is ours and has the keys that are named.
std::optional<Error> look_up(const Context& context, const access::KeyScope& scope,
                             SteadyTime deadline) {
    const auto* these = std::get_if<access::TheseKeys>(&scope);
    if (these == nullptr) return check_network(context, deadline);
    std::vector<ethereum::PublicKey> keys;
    for (const std::string& key : these->keys) {
        keys.push_back(ethereum::PublicKey::parse(key).value());
    }
    const auto found = read_validators(context, keys, Tables::Ours, deadline);
    return found ? std::nullopt : std::optional(found.error());
}

/// Whether it is there now, because it was put, by this call or by one whose answer was lost.
/// `is_it`: of an item that is there. (Not by its text: DynamoDB gives sets in an order of its
/// own.)
template <class IsIt>
Result<bool> put(const Context& context, const ObjectText& item, const IsIt& is_it,
                 SteadyTime deadline) {
    const auto outcomes =
        operators::put_items(context.dynamodb, context.runner,
                             {dynamodb::put_if_absent(context.table, item, "id")}, deadline);
    if (!outcomes) return std::unexpected(outcomes.error());
    const operators::PutOutcome& outcome = outcomes->front();
    return outcome.is_written || is_it(outcome.found);
}

operators::CommandResult give_token(const Context& context, access::Grant grant, bool is_for_path,
                                    SteadyTime deadline) {
    const access::NewToken made = access::make_token();
    const access::Token token{made.id, made.hash, is_for_path, std::move(grant)};
    const auto is_it = [&token](const Json& item) {
        return ethereum_adapters::parse_token_item(item) == token;
    };
    const auto is_there = put(context, to_item(token), is_it, deadline);
    if (!is_there) return operators::failed(is_there.error());
    if (!*is_there) {
        return operators::failed({Code::Internal, "a token of that name is there already", {}});
    }
    Json members = members_of(token.grant, context.dynamodb.clock().now());
    members.update(
        {{"id", made.id.text()},
         {"token", made.text.expose()},
         {"path", is_for_path},
         {"note",
          "the token is shown this once: the table has its hash. `revoke_token` with the "
          "id ends it, within a minute"}});
    return {.members = std::move(members)};
}

operators::CommandResult give_role(const Context& context, access::Grant grant,
                                   const access::RoleArn& role, SteadyTime deadline) {
    const access::Principal principal{role, std::move(grant)};
    const auto is_it = [&principal](const Json& item) {
        return ethereum_adapters::parse_principal_item(item) == principal;
    };
    const auto is_there = put(context, to_item(principal), is_it, deadline);
    if (!is_there) return operators::failed(is_there.error());
    if (!*is_there) {
        return operators::failed({Code::BadRequest,
                                  "this role has other rights already: `revoke_token` with "
                                  "`principal` takes them away first",
                                  {}});
    }
    Json members = members_of(principal.grant, context.dynamodb.clock().now());
    members.update({{"principal", role.text()},
                    {"note",
                     "counts where the signer's URL is under AWS_IAM and PRINCIPALS is on; the "
                     "signer has it within a minute"}});
    return {.members = std::move(members)};
}

operators::CommandResult run_create(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    auto grant = read_grant(fields, context.dynamodb.clock().now());
    if (!grant) return operators::failed(grant.error());
    const auto is_for_path = read_flag(fields, "path");
    if (!is_for_path) return operators::failed(is_for_path.error());
    std::optional<access::RoleArn> role;
    if (fields.contains("principal")) {
        const auto read = read_principal(fields);
        if (!read) return operators::failed(read.error());
        if (*is_for_path) {
            return operators::failed(bad_request("`path` is for a token: a role has none").error());
        }
        role = *read;
    }
    if (auto error = look_up(context, grant->keys, deadline)) {
        return operators::failed(std::move(*error));
    }
    return role ? give_role(context, std::move(*grant), *role, deadline)
                : give_token(context, std::move(*grant), *is_for_path, deadline);
}

}  // namespace

operators::Command create_token(const Context& context) {
    return operators::bound(
        "create_token", {"ops", "keys", "tags", "all", "not_after", "path", "label", "principal"},
        context, run_create);
}

}  // namespace redoubt::ethereum_operator
