// SPDX-License-Identifier: Apache-2.0
// Commands about Ethereum's validators, on a table with two of them. The input: an event.
#include <redoubt/adapters/ethereum/access_table.hpp>
#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/lambda/event.hpp>
#include <redoubt/operator/ethereum/recovery.hpp>

#include <algorithm>
#include <map>

#include <fakes/aws_answer.hpp>
#include <fakes/aws_world.hpp>
#include <fakes/sealing_kms.hpp>
#include <standins/aws_exception.hpp>
#include <standins/dynamodb.hpp>
#include "check.hpp"

namespace redoubt::fuzz::validators_command {
namespace {

using ethereum_adapters::Validator;
using Items = std::map<std::string, Json>;

constexpr const char* table = "t";
constexpr const char* wrapping_key =
    "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000001";

const ethereum::Network& network() {
    static const ethereum::Network hoodi = ethereum::find_network("hoodi").value();
    return hoodi;
}

/// On and off, each with what it signed.
std::vector<Validator> validators() {
    Validator on;
    on.key.bytes.fill(0x11);
    on.is_on = true;
    on.source = ethereum::Epoch(7);
    on.target = ethereum::Epoch(8);
    on.slot = ethereum::Slot(300);
    on.sealed = {Bytes(61, 1), sealed::WrapId()};
    on.until = ethereum::Epoch(90);
    Validator off = on;
    off.key.bytes.fill(0x22);
    off.is_on = false;
    return {on, off};
}

void put(standins::DynamoDb& dynamodb, const ObjectText& item) {
    static_cast<void>(dynamodb.operate(
        "PutItem", {{"TableName", table}, {"Item", parse_json(item.text()).value()}}));
}

Items items_in(standins::DynamoDb& dynamodb) {
    Items out;
    const Json all = dynamodb.operate("Scan", {{"TableName", table}}).at("Items");
    for (const Json& item : all) out[item.at("id").at("S")] = item;
    return out;
}

http::ResponseOrError carry_out(standins::DynamoDb& dynamodb, const http::ClientRequest& call,
                                WallTime now) {
    const std::string target = test::header_of(call, "X-Amz-Target");
    try {
        return test::aws_answer(
            200, dynamodb.operate(target.substr(target.find('.') + 1), test::body_of(call)), now);
    } catch (const standins::AwsException& refusal) {
        check(refusal.type != "ValidationException", "what is asked is always well formed");
        return test::aws_error(refusal.status, refusal.type, now, refusal.more);
    }
}

/// What a command may do to a validator that was there.
void check_row(const std::string& command, const Json& fields, const Json& before,
               const Json& after) {
    const auto was = ethereum_adapters::parse_validator(before).value();
    const auto is = ethereum_adapters::parse_validator(after);
    check(is.has_value(), "what is there stays sound");
    check(is->source >= was.source && is->target >= was.target && is->slot >= was.slot,
          "no watermark falls");
    check((is->source == was.source && is->target == was.target && is->slot == was.slot) ||
              command == "import_interchange",
          "only this one moves one of a key that has its secret");
    check(is->is_on == after.contains("shard"), "the index has just what is on");
    check(is->is_on == was.is_on || command == "set_keys" || command == "delete_keys",
          "only these switch");
    check(is->sealed.has_value() || command == "delete_keys", "only this one takes a secret");
    check(is->sealed || !is->is_on, "and of nothing that is on");
    check(is->until == was.until || command == "set_until", "only this one sets an end");
    const bool is_later = !is->until || *is->until > was.until;
    check(is->until == was.until || !is_later || fields.value("force", Json()) == true,
          "which only comes nearer, unless forced");
}

/// What a caller is given.
void check_caller(const Json& item, const Json& fields) {
    const auto token = ethereum_adapters::parse_token_item(item);
    const auto principal = ethereum_adapters::parse_principal_item(item);
    check(token || principal, "who is given rights can use them");
    const access::Grant& grant = token ? token->grant : principal->grant;
    check(Json(grant.ops) == Json(std::set<std::string>(fields.at("ops"))), "just those");
    check(!access::Rights(grant.ops).has(access::Right::VoluntaryExit) || grant.not_after,
          "exits not for ever");
}

/// What a command may do to the table.
void check_items(const std::string& command, const Json& fields, const Items& before,
                 const Items& after) {
    for (const auto& [id, item] : before) {
        const auto found = after.find(id);
        check(found != after.end() || command == "revoke_token", "no item goes");
        if (found == after.end()) continue;
        if (id.starts_with("0x")) check_row(command, fields, item, found->second);
    }
    for (const auto& [id, item] : after) {
        if (before.contains(id)) continue;
        const bool is_of_caller = id.starts_with("token/") || id.starts_with("principal/");
        check(command == (is_of_caller ? "create_token" : "create_keys") ||
                  (command == "import_key" && !is_of_caller),
              "others make no items");
        if (is_of_caller) check_caller(item, fields);
        if (id.starts_with("0x") && command == "create_keys") {
            check(after.contains("deposit/" + id), "no key without its deposit");
        }
        if (id.starts_with("deposit/")) check(after.contains(id.substr(8)), "nor without the key");
    }
}

}  // namespace

void one_input(ByteView input) {
    const auto event = lambda::parse_event(text_of(input));
    const auto* command = std::get_if<lambda::CommandEvent>(&event);
    if (command == nullptr) return;
    // Of many keys nothing else comes to light, and each costs milliseconds.
    const Json* count = member(command->fields, "count");
    if (count != nullptr && count->is_number() && *count > 2) return;

    test::AwsWorld world;
    standins::DynamoDb dynamodb;
    standins::create_validators(dynamodb, table);
    put(dynamodb,
        to_item(ethereum_adapters::TableNetwork{network().genesis_validators_root, table, {}}));
    for (const Validator& validator : validators()) put(dynamodb, to_item(validator));
    const Items before = items_in(dynamodb);
    test::SealingKms kms(world.clock);
    world.runner.follow([&](const http::ClientRequest& call) {
        return test::SealingKms::is_for(call) ? kms.answer(call)
                                              : carry_out(dynamodb, call, world.clock.wall());
    });
    aws::kms::Regions regions(world.kms, "eu-west-1", {}, world.credentials, world.corrected);
    const ethereum_operator::Context context{
        .version = "1",
        .table = table,
        .network = network(),
        .kms = world.kms,
        .wrapping_kms = regions,
        .dynamodb = world.dynamodb,
        .runner = world.runner,
        .sealing = {{aws::parse_key_arn(wrapping_key).value()}, std::vector<backup::Recipient>()},
        .threshold = 1};
    auto all = ethereum_operator::commands(context);
    for (auto& recovery : ethereum_operator::recovery_commands(context)) {
        all.push_back(std::move(recovery));
    }
    const auto result = operators::CommandTable(std::move(all))
                            .run(command->name, command->fields, SteadyTime::max());
    const bool is_refused = result.error && result.error->code == Code::BadRequest;
    const Items after = items_in(dynamodb);
    check(!is_refused || after == before || result.members.contains("keys"),
          "what is refused has changed nothing");
    check_items(command->name, command->fields, before, after);
}

}  // namespace redoubt::fuzz::validators_command
