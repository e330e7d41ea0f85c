// SPDX-License-Identifier: Apache-2.0
// Operators' commands, on a table with rows of each kind. The input: an event.
#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/lambda/event.hpp>
#include <redoubt/operator/tezos/recovery.hpp>
#include <redoubt/tezos/secret_key.hpp>

#include <fakes/account.hpp>
#include <fakes/messages.hpp>
#include <fakes/sealing_kms.hpp>
#include "check.hpp"

namespace redoubt::fuzz::operator_command {
namespace {

using tezos::ConsensusKind;
using Items = std::map<std::pair<std::string, std::string>, Json>;

constexpr const char* wrapping_key =
    "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000001";

const std::vector<test::SecretKey>& secret_keys() {
    static const std::vector<test::SecretKey> keys = {
        test::SecretKey(tezos::SignatureScheme::Ed25519, {0x31}),
        test::SecretKey(tezos::SignatureScheme::Secp256k1, {0x31})};
    return keys;
}

const tezos::Keys& keys() {
    static const tezos::Keys keys = {secret_keys()[0].named(), secret_keys()[1].named()};
    return keys;
}

/// A key that KMS has a text of, to be brought in.
const crypto::bls::SecretKey& secret_from_outside() {
    static const auto secret = crypto::bls::SecretKey::generate(Bytes(32, 7));
    return secret;
}
const tezos::KeyInfo& key_from_outside() {
    static const tezos::KeyInfo key(secret_from_outside().public_key());
    return key;
}

/// As on an operator's machine: the first thing that this KMS encrypts, so always the same.
void encrypt_from_outside(test::AwsWorld& world) {
    const auto text = tezos::to_text(secret_from_outside());
    aws::Operation operation =
        aws::kms::encrypt(world.kms, aws::parse_key_arn(wrapping_key).value(), text.view(),
                          {{"redoubt:import", key_from_outside().public_key_text},
                           {"redoubt:purpose", "tezos-consensus"},
                           {"redoubt:table", "t"}});
    world.run(operation);
    world.runner.calls.clear();
}

/// Of the first key: armed and handed over after level 120, signed, damaged. Of the second: none.
Items rows() {
    const auto id = [](ConsensusKind kind) {
        return tezos::WatermarkId{keys()[0].hash, tezos::ChainId(test::mainnet), kind};
    };
    const auto key_of = [&](ConsensusKind kind) {
        return std::pair{keys()[0].address, tezos_adapters::scope_text(id(kind))};
    };
    const auto pace = tezos::pace_of(tezos::Level(100), test::some_morning);
    const tezos::Row armed{
        {tezos::Level(100), tezos_adapters::highest_round}, {}, {}, 5, pace, tezos::Level(120)};
    const tezos::Row row{{tezos::Level(100), tezos::Round(1)}, tezos::Digest{7}, "sig", 5, pace};
    Items items = {
        {key_of(ConsensusKind::Attestation), test::to_item(id(ConsensusKind::Attestation), armed)},
        {key_of(ConsensusKind::Block), test::to_item(id(ConsensusKind::Block), row)},
        {key_of(ConsensusKind::Preattestation),
         test::to_item(id(ConsensusKind::Preattestation), row)}};
    items.at(key_of(ConsensusKind::Preattestation))["digest"] = {{"S", "no bytes"}};
    return items;
}

tezos::Position position_in(const Json& item) {
    const auto number = [&item](const char* name) {
        return static_cast<std::uint32_t>(aws::dynamodb::read_number(item, name).value());
    };
    return {tezos::Level(number("lvl")), tezos::Round(number("rnd"))};
}

Json last_level_in(const Json& item) { return item.value("until", Json()); }
std::int64_t number_of(const Json& attribute) {
    return std::stoll(attribute.at("N").get<std::string>());
}

/// Of a row whose position a command moved.
void check_lift(const std::string& command, bool is_forced, const Json& item, const Json& now) {
    check(command == "raise" || command == "handover" || command == "import",
          "only these three lift a row of these keys");
    check(position_in(now) > position_in(item), "and only to a higher position");
    check(!now.contains("digest") && !now.contains("sig"), "which nothing was signed at");
    const auto risen = position_in(now).level.value() - position_in(item).level.value();
    check(is_forced || risen <= 300, "and not further than the fence, unless forced");
    if (command != "handover") check(last_level_in(now) == last_level_in(item), "`until` stays");
}

/// Of a row whose `until` a command changed.
void check_last_level(const std::string& command, const Json& item, const Json& now) {
    check(command == "handover", "only `handover` sets a last level");
    const Json was = last_level_in(item);
    if (!now.contains("until")) {
        check(position_in(now).level.value() >= number_of(was), "or takes it away once passed");
        return;
    }
    const std::int64_t last = number_of(last_level_in(now));
    check(was.is_null() || last < number_of(was), "which only falls");
    check(position_in(now).level.value() <= last, "not below what the row stands at");
    check(position_in(now) == position_in(item), "and moves nothing");
}

bool is_recovery(const std::string& command) {
    return command == "import_key" || command == "test_backup" || command == "rewrap" ||
           command == "reseal";
}

/// Items of sealed keys, wraps and batches: they are made, never changed, and only by `create_key`.
bool is_sealed(const std::pair<std::string, std::string>& key) {
    return key.second == "sealed" || key.second == "wrap" || key.second == "batch";
}

/// What a command may do to the rows.
void check_rows(const std::string& command, const Json& fields, const Items& before,
                const Items& after) {
    const bool is_forced = fields.value("force", Json()) == true;
    for (const auto& [key, item] : before) {
        const auto found = after.find(key);
        check(found != after.end(), "no row goes");
        const Json& now = found->second;
        if (now == item) continue;
        if (position_in(now) != position_in(item)) check_lift(command, is_forced, item, now);
        if (last_level_in(now) != last_level_in(item)) check_last_level(command, item, now);
        check(position_in(now) != position_in(item) || last_level_in(now) != last_level_in(item),
              "nothing else changes");
    }
    for (const auto& [key, item] : after) {
        if (before.contains(key)) continue;
        const bool makes_keys = command == "create_key" || command == "import_key";
        const bool makes_rows = command == "arm" || command == "import" || command == "import_key";
        check(is_sealed(key) ? makes_keys : makes_rows, "others make no rows, and no keys");
    }
    check(fields.value("dry_run", Json()) != true || after == before, "a dry run changes nothing");
}

void check_answer(const Json& answer, const Json& error_expected) {
    const auto text = parse_json(dump(answer));
    check(text && *text == answer, "an answer is JSON");
    const Json& members = answer.at("redoubt");
    const auto secret = tezos::to_text(secret_from_outside());
    check(!dump(answer).contains(text_of(secret.view())), "no secret in clear");
    check(answer.size() == 1 && members.at("ok") == error_expected.is_null(), "ok or not");
    check(members.value("error", Json::object()).value("id", Json()) == error_expected,
          "with its error");
    for (const Json& row : members.value("rows", Json::array())) {
        check(row.at("pkh") == keys()[0].address || row.at("pkh") == keys()[1].address ||
                  row.at("pkh") == key_from_outside().address,
              "rows are of keys that are known");
        check(!row.contains("sig"), "a block's signature is for its baker");
    }
}

}  // namespace

void one_input(ByteView input) {
    const auto event = lambda::parse_event(text_of(input));
    const auto* command = std::get_if<lambda::CommandEvent>(&event);
    if (command == nullptr) return;

    test::AwsWorld world;
    static const test::AccountSettings settings = test::sound_account(secret_keys(), "t");
    test::Account account(world.clock, settings);
    test::Table& table = account.table;
    static const Items before = rows();
    table.items = before;
    test::SealingKms kms(world.clock);
    world.runner.follow([&](const http::ClientRequest& call) {
        return test::SealingKms::is_for(call) ? kms.answer(call) : account.answer(call);
    });
    aws::kms::Regions regions(world.kms, "eu-west-1", {}, world.credentials, world.corrected);
    const tezos_operator::Context context{
        .version = "1",
        .table = "t",
        .key_arns = {test::account_key_arn(0), test::account_key_arn(1)},
        .consensus_keys = keys(),
        .authorized_keys = {},
        .kms = world.kms,
        .wrapping_kms = regions,
        .dynamodb = world.dynamodb,
        .runner = world.runner,
        .variables = {},
        .sealing = {{aws::parse_key_arn(wrapping_key).value()}, std::vector<backup::Recipient>()}};
    encrypt_from_outside(world);
    auto all = tezos_operator::commands(context);
    for (auto& recovery : tezos_operator::recovery_commands(context)) {
        all.push_back(std::move(recovery));
    }
    const operators::CommandTable commands(std::move(all));
    auto result = commands.run(command->name, command->fields, SteadyTime::max());
    const Json error = result.error ? Json(name(result.error->code)) : Json();
    check(!result.error || result.error->code != Code::Internal, "nothing unforeseen");
    const bool is_malformed = result.error && (result.error->code == Code::BadRequest ||
                                               result.error->code == Code::UnknownKey);
    check(!is_malformed || table.items == before, "what is malformed changes nothing");
    check(!is_malformed || is_recovery(command->name) || world.runner.calls.empty(),
          "and asks nobody, unless it has to be opened or looked up");
    check_rows(command->name, command->fields, before, table.items);
    check_answer(operators::to_answer(std::move(result)), error);
}

}  // namespace redoubt::fuzz::operator_command
