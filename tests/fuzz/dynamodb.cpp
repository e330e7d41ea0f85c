// SPDX-License-Identifier: Apache-2.0
// Answers of DynamoDB. The input: a line that says to what (the commit of a `vote` or a `block`, or
// an operator's `status`, `arm`, `raise` or handover, `until` or `from`, or a `batch` of reads),
// then answers.
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/aws/dynamodb/batch_get.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/operator/tezos/commands.hpp>

#include <fakes/secret_key.hpp>
#include "answers.hpp"

namespace redoubt::fuzz::dynamodb {
namespace {

using tezos::ConsensusKind;

constexpr tezos::Digest digest = {0x0d};
constexpr tezos::Position at{tezos::Level(100), tezos::Round(0)};
constexpr std::size_t most_calls = 12;

const test::SecretKey& key() {
    static const test::SecretKey key(tezos::SignatureScheme::Ed25519, {0x31});
    return key;
}

tezos::SigningPosition position(ConsensusKind kind) {
    return {{key().named().hash, tezos::ChainId({1, 2, 3, 4}), kind}, at};
}

tezos::UnreleasedSignature fresh_signature() {
    static const auto raw = key().sign_reproducibly(digest);
    return *tezos::UnreleasedSignature::verified(key().named().public_key, test::of_digest(digest),
                                                 raw);
}

tezos::Proposal proposal(ConsensusKind kind) {
    if (kind != ConsensusKind::Block)
        return {key().named(), position(kind), test::of_digest(digest), std::nullopt};
    return tezos::block_proposal(key().named(), position(kind), test::of_digest(digest),
                                 fresh_signature());
}

bool holds(const Json& item, const std::string& name, const Json& attribute) {
    return item.is_object() && item.value(name, Json()) == attribute;
}

/// Whether an answer shows that row with that position and digest.
bool holds_the_position(const Json& body, const std::string& member, ConsensusKind kind) {
    const Json item = body.value(member, Json());
    return holds(item, "pkh", {{"S", key().named().address}}) &&
           holds(item, "scope", {{"S", tezos_adapters::scope_text(position(kind).watermark)}}) &&
           holds(item, "lvl", {{"N", "100"}}) && holds(item, "rnd", {{"N", "0"}}) &&
           holds(item, "digest", {{"B", to_base64(digest)}});
}

void check_error(const test::AwsWorld& world, const Error& error) {
    constexpr std::array codes = {Code::TableUnavailable,   Code::TableRefused, Code::DamagedRow,
                                  Code::CredentialsExpired, Code::NotArmed,     Code::AlreadySigned,
                                  Code::BelowWatermark,     Code::HandedOver,   Code::TooFarAhead};
    check(std::ranges::find(codes, error.code) != codes.end(), "the table's and the rule's errors");
    check_texts(world, error);
}

void commit(ConsensusKind kind, std::string_view wire) {
    test::AwsWorld world;
    tezos_adapters::DynamoWatermarkStore store(world.dynamodb, "t");
    Answers answers(wire);
    world.runner.follow(answers.script());
    const auto pending = store.begin(proposal(kind));
    world.run(pending->exchange());
    check(static_cast<std::size_t>(pending->exchange().stats().calls) == world.runner.calls.size(),
          "calls are counted");
    check(world.runner.calls.size() <= most_calls, "the table is not asked for ever");
    auto committed = pending->outcome();
    if (!committed) return check_error(world, committed.error());
    const auto applied = answers.bodies(200);
    const auto refused = answers.bodies(400);
    check((!applied.empty() && holds_the_position(applied.back(), "Attributes", kind)) ||
              (!refused.empty() && holds_the_position(refused.back(), "Item", kind)),
          "what is committed stands in the row that was answered");
    const auto released = release(std::move(*committed), fresh_signature());
    const auto text = tezos::parse_signature(released.value().text());
    check(text && key().named().public_key.verify(test::of_digest(digest), text->raw,
                                                  crypto::HighS::Refused),
          "what is released is a signature over it");
}

void ask(const std::string& command, Json fields, std::string_view wire) {
    test::AwsWorld world;
    Answers answers(wire);
    world.runner.follow(answers.script());
    aws::kms::Regions regions(world.kms, "eu-west-1", {}, world.credentials, world.corrected);
    const tezos_operator::Context context{.version = "1",
                                          .table = "t",
                                          .key_arns = {"arn"},
                                          .consensus_keys = {key().named()},
                                          .authorized_keys = {},
                                          .kms = world.kms,
                                          .wrapping_kms = regions,
                                          .dynamodb = world.dynamodb,
                                          .runner = world.runner};
    fields["command"] = command;
    const operators::CommandTable commands(tezos_operator::commands(context));
    const auto result = commands.run(command, fields, SteadyTime::max());
    if (result.error) check_error(world, *result.error);
    const Json answer = operators::to_answer(result);
    check(parse_json(dump(answer)).has_value(), "an answer is JSON");
    check(answer.at("redoubt").at("ok") == !result.error, "which says whether all is well");
    for (const Json& finding : result.members.value("checks", Json::array())) {
        check(finding.at("ok") == finding.value("found", "").empty(), "what is wrong is told");
    }
}

/// Three items, of which each answer may give some, and leave some.
void read_batch(std::string_view wire) {
    test::AwsWorld world;
    Answers answers(wire);
    world.runner.follow(answers.script());
    const std::array<std::string, 3> names = {"a", "b", "c"};
    std::vector<aws::dynamodb::ItemKey> keys;
    for (const std::string& name : names) keys.push_back({{"pkh", name}, {"scope", "sealed"}});
    const auto items =
        aws::dynamodb::batch_get(world.dynamodb, world.runner, "t", keys, SteadyTime::max());
    // Each answer settles an item, or is one of six in vain, each of three tries.
    check(world.runner.calls.size() <= 54, "the table is not asked for ever");
    if (!items) return check_error(world, items.error());
    check(items->size() == names.size(), "there is an answer for each");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Json& item = items->at(i);
        if (item.is_null()) continue;
        check(holds(item, "pkh", {{"S", names.at(i)}}) && holds(item, "scope", {{"S", "sealed"}}),
              "an item is the one that was asked for");
        bool is_answered = false;
        for (const Json& body : answers.bodies(200)) {
            const Json given = body.value("Responses", Json()).value("t", Json::array());
            is_answered |= std::ranges::find(given, item) != given.end();
        }
        check(is_answered, "it is as it was answered");
    }
}

}  // namespace

void one_input(ByteView input) {
    std::string_view wire = text_of(input);
    const std::string_view what = take_line(wire);
    const Json chain = {{"chain", tezos::to_text(tezos::ChainId({1, 2, 3, 4}))}};
    const auto at_level = [&chain](const std::string& field) {
        Json fields = chain;
        fields[field] = 90;
        return fields;
    };
    if (what == "vote") return commit(ConsensusKind::Attestation, wire);
    if (what == "block") return commit(ConsensusKind::Block, wire);
    if (what == "batch") return read_batch(wire);
    if (what == "doctor") return ask("doctor", Json::object(), wire);
    if (what == "status") return ask("status", Json::object(), wire);
    if (what == "arm" || what == "raise") return ask(std::string(what), at_level("level"), wire);
    if (what == "until" || what == "from")
        return ask("handover", at_level(std::string(what)), wire);
}

}  // namespace redoubt::fuzz::dynamodb
