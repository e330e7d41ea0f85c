// SPDX-License-Identifier: Apache-2.0
#include <redoubt/aws/kms/seal.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/exit.hpp>
#include <redoubt/ethereum/keystore.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

#include <array>
#include <set>

#include "validators_fixture.hpp"

namespace redoubt::test {
namespace {

class ValidatorsRecovery : public ValidatorsOperator {
protected:
    /// The first one that no chain has come near to.
    [[nodiscard]] std::uint64_t too_far() const {
        const auto slot = ethereum::slot_at(network, world.clock.wall()).value();
        return ethereum::epoch_of(network, slot).value() + 2;
    }
    /// As on an operator's machine.
    std::string encrypted(const std::string& text, const std::string& name,
                          const std::string& table = table_name) {
        const aws::KeyArn& arn = sealing.wrapping_keys.front();
        aws::Operation operation = aws::kms::encrypt(world.kms, arn, bytes_of(text),
                                                     {{"redoubt:import", name},
                                                      {"redoubt:purpose", "ethereum-validator"},
                                                      {"redoubt:table", table}});
        world.run(operation);
        return to_base64(aws::kms::read_ciphertext(*operation.outcome(), arn).value());
    }
    static std::string name_of(const crypto::bls::SecretKey& secret) {
        return "0x" + to_hex(secret.public_key().encoded());
    }
    /// The secret itself.
    Json entry(const crypto::bls::SecretKey& secret) {
        const std::string name = name_of(secret);
        return {{"public_key", name},
                {"ciphertext", encrypted("0x" + to_hex(secret.big_endian()), name)}};
    }
    Json import(const std::vector<Json>& keys, const Json& more = {{"epoch", 900}}) {
        return import_list(keys, more);
    }
    Json import_list(const Json& keys, Json more = {{"epoch", 900}}) {
        more["command"] = "import_key";
        more["kms_key"] = wrapping_arn(1);
        more["keys"] = keys;
        return recover(more);
    }
    /// What another signer exports of one key.
    [[nodiscard]] Json signed_elsewhere(const std::string& name, const std::string& source,
                                        const std::string& target, const std::string& slot) const {
        return {
            {"metadata",
             {{"interchange_format_version", "5"},
              {"genesis_validators_root",
               ethereum::prefixed_hex(network.genesis_validators_root)}}},
            {"data",
             {{{"pubkey", name},
               {"signed_blocks", {{{"slot", slot}}}},
               {"signed_attestations", {{{"source_epoch", source}, {"target_epoch", target}}}}}}}};
    }
    static crypto::bls::SecretKey secret_of(Byte seed) {
        return crypto::bls::SecretKey::generate(Bytes(32, seed));
    }
    static std::set<std::string> outcomes(const Json& answer) {
        std::set<std::string> out;
        for (const Json& key : answer.at("keys")) out.insert(key.at("outcome"));
        return out;
    }
    [[nodiscard]] std::int64_t number(const std::string& name, const std::string& of) const {
        return aws::dynamodb::read_number(item(name), of).value();
    }
};

TEST_F(ValidatorsRecovery, KeysComeInAboveWhatTheySigned) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const auto one = secret_of(1);
    const auto two = secret_of(2);
    const Json told_now = import({entry(one), entry(two)});
    ASSERT_EQ(code(told_now), "ok") << told_now;
    EXPECT_EQ(outcomes(told_now), std::set<std::string>{"imported"});
    for (const auto* secret : {&one, &two}) {
        const std::string name = name_of(*secret);
        EXPECT_EQ(number(name, "src"), 900);
        EXPECT_EQ(number(name, "tgt"), 900);
        EXPECT_EQ(number(name, "slot"), 901 * 32 - 1);
        EXPECT_EQ(item(name).at("on"), (Json{{"BOOL", true}}));
        EXPECT_EQ(name_of(open(name).value()), name);
        EXPECT_FALSE(item("backup/" + name).is_null());
        EXPECT_TRUE(item("deposit/" + name).is_null());
    }
    EXPECT_EQ(items("wrap/").size(), 1U);
    const Json again = import({entry(one), entry(two)});
    EXPECT_EQ(outcomes(again), std::set<std::string>{"unchanged"});
    EXPECT_EQ(items("wrap/").size(), 1U);
}

TEST_F(ValidatorsRecovery, AMnemonicAndAKeystoreDoAsWell) {
    const auto mnemonic = ethereum::Mnemonic::generate(Bytes(32, 9));
    const auto seed = mnemonic.seed().value();
    const std::string path = "m/12381/3600/3/0/0";
    const auto derived = ethereum::derive(seed.view(), path).value();
    const auto kept = secret_of(5);
    const auto writer =
        ethereum::KeystoreWriter::begin("correct horse battery", ethereum::KeystoreKdf::Pbkdf2)
            .value();
    const Json keystore = Json::parse(writer.write(kept, path).value());
    const Json words = {{"public_key", name_of(derived)},
                        {"path", path},
                        {"ciphertext", encrypted(std::string(mnemonic.words()), name_of(derived))}};
    const Json file = {{"public_key", name_of(kept)},
                       {"keystore", keystore},
                       {"ciphertext", encrypted("correct horse battery", name_of(kept))}};
    const Json tried = recover(
        {{"command", "test_backup"}, {"kms_key", wrapping_arn(1)}, {"keys", {words, file}}});
    ASSERT_EQ(code(tried), "ok") << tried;
    EXPECT_EQ(tried["keys"][0]["matches"], true);
    EXPECT_TRUE(items("0x").empty()) << "it was only tried";
    ASSERT_EQ(code(import({words, file})), "ok");
    EXPECT_EQ(name_of(open(name_of(derived)).value()), name_of(derived));
    EXPECT_EQ(name_of(open(name_of(kept)).value()), name_of(kept));
    EXPECT_FALSE(told.contains(to_hex(kept.big_endian())));
    EXPECT_FALSE(told.contains(std::string(mnemonic.words()).substr(0, 20)));
}

TEST_F(ValidatorsRecovery, ADeletedKeyComesBackAndIsNeverLowered) {
    const Json made = create("first", 1);
    const std::string name = made["keys"][0]["public_key"];
    const auto secret = open(name).value();
    Json row = item(name);
    row["src"] = {{"N", "100"}};
    row["tgt"] = {{"N", "950"}};
    row["slot"] = {{"N", "3"}};
    row["aroot"] = {{"B", to_base64(Bytes(32, 1))}};
    put(row);
    for (const Json& below : {Json{{"epoch", 90}, {"source", 3}}, Json{{"epoch", 101}}}) {
        const Json refused = import({entry(secret)}, below);
        EXPECT_EQ(code(refused), "bad_request")
            << "it may sign up to slot 3232 once more: " << below;
        EXPECT_TRUE(message(refused).contains("`delete_keys`")) << message(refused);
    }
    row["slot"] = {{"N", "40000"}};
    put(row);
    EXPECT_EQ(outcomes(import({entry(secret)}, {{"epoch", 90}})),
              std::set<std::string>{"unchanged"});
    EXPECT_EQ(item(name), row) << "one that is above is left as it is";
    ASSERT_EQ(code(about(made, "delete_keys")), "ok");
    const Json back = import({entry(secret)});
    ASSERT_EQ(code(back), "ok") << back;
    EXPECT_EQ(number(name, "src"), 900);
    EXPECT_EQ(number(name, "tgt"), 950) << "each on its own";
    EXPECT_EQ(number(name, "slot"), 40000);
    EXPECT_FALSE(item(name).contains("aroot"));
    EXPECT_EQ(number(name, "made"), std::stoll(row["made"]["N"].get<std::string>()));
    EXPECT_TRUE(open(name));
}

/// As of any other command: one that was given up may have its write on the way still.
TEST_F(ValidatorsRecovery, OfAnImportAndASwitchTheLastOneCounts) {
    const std::string name = create("first", 1)["keys"][0]["public_key"];
    const auto secret = open(name).value();
    ASSERT_EQ(code(ask({{"command", "delete_keys"}, {"keys", {name}}})), "ok");
    const Json off{{"command", "set_keys"}, {"keys", {name}}, {"on", false}};
    Json late;
    const auto lose = [&](const std::string& operation) {
        return [&late, operation](
                   const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
            if (operation_of(call) != operation) return std::nullopt;
            late = body_of(call);
            return lost(http::TransportFailure::Timeout);
        };
    };
    interrupt = lose("TransactWriteItems");
    EXPECT_EQ(code(import({entry(secret)})), "table_unavailable");
    interrupt = {};
    ASSERT_EQ(code(ask(off)), "ok");
    EXPECT_THROW(static_cast<void>(dynamodb->operate("TransactWriteItems", late)),
                 standins::AwsException);
    EXPECT_EQ(item(name).at("on"), (Json{{"BOOL", false}}));
    interrupt = lose("UpdateItem");
    EXPECT_EQ(code(ask(off)), "table_unavailable");
    interrupt = {};
    ASSERT_EQ(code(import({entry(secret)})), "ok");
    EXPECT_THROW(static_cast<void>(dynamodb->operate("UpdateItem", late)), standins::AwsException);
    EXPECT_EQ(item(name).at("on"), (Json{{"BOOL", true}}));
}

TEST_F(ValidatorsRecovery, AKeyThatRisesMeanwhileIsNotLowered) {
    const Json made = create("first", 1);
    const std::string name = made["keys"][0]["public_key"];
    const auto secret = open(name).value();
    ASSERT_EQ(code(about(made, "delete_keys")), "ok");
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "TransactWriteItems") return std::nullopt;
        Json row = item(name);
        row["tgt"] = {{"N", "999"}};
        put(row);
        return std::nullopt;
    };
    EXPECT_EQ(code(import({entry(secret)})), "table_unavailable");
    EXPECT_FALSE(item(name).contains("sealed"));
    EXPECT_EQ(number(name, "tgt"), 999);
    EXPECT_TRUE(items("wrap/").size() == 1) << "nor is there a wrap of nothing";
}

TEST_F(ValidatorsRecovery, AnInterchangeSaysWhatWasSigned) {
    const auto secret = secret_of(1);
    const std::string name = name_of(secret);
    const Json data = signed_elsewhere(name, "5", "6", "77");
    Json of_others = data;
    of_others["metadata"]["genesis_validators_root"] = "0x" + std::string(64, '0');
    EXPECT_EQ(code(import({entry(secret)}, {{"data", of_others}})), "wrong_network");
    EXPECT_EQ(code(import({entry(secret_of(2))}, {{"data", data}})), "bad_request")
        << "the data have nothing of this key";
    EXPECT_TRUE(items("0x").empty());
    ASSERT_EQ(code(import({entry(secret)}, {{"data", data}})), "ok");
    EXPECT_EQ(number(name, "src"), 5);
    EXPECT_EQ(number(name, "tgt"), 6);
    EXPECT_EQ(number(name, "slot"), 77);
}

TEST_F(ValidatorsRecovery, EachMarkIsWithinTheChainsTime) {
    const auto secret = secret_of(1);
    const std::string far = std::to_string(too_far());
    const std::string far_slot = std::to_string(too_far() * 32);
    const std::string most = "18446744073709551615";  // which is -1 in 64 bits with a sign
    const auto imported = [&](const std::array<std::string, 3>& marks, bool force) {
        return import({entry(secret)},
                      {{"data", signed_elsewhere(name_of(secret), marks[0], marks[1], marks[2])},
                       {"force", force}});
    };
    for (const auto& marks : std::vector<std::array<std::string, 3>>{{far, "6", "7"},
                                                                     {"5", far, "7"},
                                                                     {"5", "6", far_slot},
                                                                     {most, "6", "7"},
                                                                     {"5", most, "7"},
                                                                     {"5", "6", most}}) {
        EXPECT_EQ(code(imported(marks, false)), "too_far_ahead") << marks[0] << marks[1];
    }
    EXPECT_TRUE(items("0x").empty());
    EXPECT_EQ(code(imported({far, most, most}, true)), "ok");
    const Json row = item(name_of(secret));
    EXPECT_EQ(row.at("src").at("N"), far);
    EXPECT_EQ(row.at("tgt").at("N"), most);
    EXPECT_EQ(row.at("slot").at("N"), most);
}

TEST_F(ValidatorsRecovery, WhatIsNoKeyOrAnothersIsRefusedAndNothingWritten) {
    const auto secret = secret_of(1);
    const std::string name = name_of(secret);
    const auto of = [&](const std::string& text) {
        return Json{{"public_key", name}, {"ciphertext", encrypted(text, name)}};
    };
    const std::string right = "0x" + to_hex(secret.big_endian());
    for (const std::string& text :
         {std::string("no secret"), right.substr(2), right + "\n", "0x" + std::string(64, '0'),
          "0x" + std::string(64, 'f'), "0x" + std::string(63, 'a') + "g",
          "0x" + to_hex(secret_of(2).big_endian())}) {
        const Json refused = import({of(text)});
        EXPECT_EQ(code(refused), "bad_request") << text;
        EXPECT_TRUE(message(refused).contains(name)) << message(refused);
    }
    Json other = entry(secret);
    other["ciphertext"] = encrypted(right, name, "another-table");
    EXPECT_EQ(code(import({other})), "kms_refused");
    for (const Json& more :
         {Json{}, Json{{"epoch", -1}}, Json{{"epoch", "1"}}, Json{{"epoch", 5}, {"source", 6}},
          Json{{"source", 5}}, Json{{"epoch", 5}, {"force", 1}}, Json{{"data", "x"}}}) {
        EXPECT_EQ(code(import({entry(secret)}, more.is_null() ? Json::object() : more)),
                  "bad_request")
            << more;
    }
    EXPECT_EQ(code(import({entry(secret)}, {{"epoch", too_far()}})), "too_far_ahead");
    EXPECT_TRUE(items("0x").empty());
    EXPECT_EQ(code(import({entry(secret_of(3))}, {{"epoch", too_far() - 1}})), "ok");
    EXPECT_EQ(code(import({entry(secret_of(4))}, {{"epoch", too_far()}, {"force", true}})), "ok");
    empty_table();
    for (const Json& keys : {Json::array(), Json::array({Json::object()}),
                             Json::array({entry(secret), entry(secret)}), Json("x")}) {
        EXPECT_EQ(code(import_list(keys)), "bad_request") << keys;
    }
    Json both = entry(secret);
    both["path"] = "m/12381/3600/0/0/0";
    both["keystore"] = Json::object();
    EXPECT_EQ(code(import({both})), "bad_request");
    EXPECT_TRUE(items("0x").empty());
    EXPECT_TRUE(items("wrap/").empty());
    EXPECT_FALSE(told.contains(to_hex(secret.big_endian())));
}

TEST_F(ValidatorsRecovery, KeystoresLeaveOnlyOfKeysThatAreOff) {
    const Json made = create("first", 2);
    const Json keys = {made["keys"][0]["public_key"], made["keys"][1]["public_key"]};
    const auto exported = [&] {
        return recover({{"command", "export_keystore"}, {"keys", keys}, {"recipient", recipient}});
    };
    const Json refused = exported();
    EXPECT_EQ(code(refused), "bad_request");
    EXPECT_TRUE(message(refused).contains("is on")) << message(refused);
    ASSERT_EQ(code(about(made, "set_keys", {{"on", false}})), "ok");
    const Json given = exported();
    ASSERT_EQ(code(given), "ok") << given;
    EXPECT_TRUE(given.at("password").get<std::string>().starts_with("-----BEGIN AGE"));
    ASSERT_EQ(given.at("keys").size(), 2U);
    EXPECT_EQ(keys[0], "0x" + given["keys"][0]["keystore"]["pubkey"].get<std::string>());
    EXPECT_EQ(code(recover({{"command", "export_keystore"}, {"keys", keys}})), "bad_request");
    become_a_copy();
    EXPECT_EQ(code(exported()), "wrong_network") << "where it was on again, and signed, since";
    be_the_table();
    ASSERT_EQ(code(about(made, "delete_keys")), "ok");
    EXPECT_EQ(code(exported()), "bad_request") << "there is nothing to give";
}

TEST_F(ValidatorsRecovery, KeysAreSealedAnewUnlessTheyChanged) {
    const Json one = create("one", 2);
    const Json two = create("two", 1);
    Json command = {{"command", "reseal"}, {"keys", Json::array()}};
    for (const Json& made : {one, two}) {
        for (const Json& key : made.at("keys")) command["keys"].push_back(key.at("public_key"));
    }
    const std::string changed = two["keys"][0]["public_key"];
    Json rehearsal = command;
    rehearsal["dry_run"] = true;
    const Json tried = recover(rehearsal);
    ASSERT_EQ(code(tried), "ok") << tried;
    EXPECT_EQ(tried["keys"][2]["outcome"], "resealed");
    EXPECT_TRUE(tried["wrap"].is_null() && tried["dry_run"] == true) << tried;
    EXPECT_EQ(item(changed).at("wrap"), (Json{{"S", two.at("wrap")}})) << "nothing is written";
    EXPECT_EQ(item("network").at("wraps").at("SS").size(), 2U);
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (operation_of(call) != "UpdateItem" || !call.body.contains(changed)) return std::nullopt;
        Json row = item(changed);
        row["sealed"] = {{"B", to_base64(Bytes(61, 1))}};
        put(row);
        return std::nullopt;
    };
    const Json told_now = recover(command);
    EXPECT_EQ(code(told_now), "table_refused") << told_now;
    EXPECT_EQ(told_now["keys"][0]["outcome"], "resealed");
    EXPECT_EQ(told_now["keys"][2]["outcome"], "table_refused");
    interrupt = {};
    for (const Json& key : one.at("keys")) {
        const std::string name = key.at("public_key");
        EXPECT_EQ(item(name).at("wrap"), (Json{{"S", told_now.at("wrap")}}));
        EXPECT_TRUE(open(name)) << "it opens as before";
    }
    EXPECT_EQ(item("network").at("wraps").at("SS").size(), 3U);
    const Json divided = recover({{"command", "rewrap"}, {"wrap", told_now.at("wrap")}});
    EXPECT_EQ(divided.at("outcome"), "unchanged");
    use_wrapping_keys(2);
    const Json again =
        recover({{"command", "rewrap"}, {"wrap", told_now.at("wrap")}, {"threshold", 2}});
    EXPECT_EQ(again.at("outcome"), "rewrapped") << again;
    EXPECT_TRUE(open(one["keys"][0]["public_key"]));
}

TEST_F(ValidatorsRecovery, ExitsAreSignedUpToTheCurrentEpoch) {
    const Json made = create("first", 2);
    const std::vector<std::string> keys = {made["keys"][0]["public_key"],
                                           made["keys"][1]["public_key"]};
    const auto sign = [&](const Json& validators, const Json& epoch) {
        return recover({{"command", "sign_exits"},
                        {"keys", keys},
                        {"validators", validators},
                        {"epoch", epoch}});
    };
    const std::uint64_t now = too_far() - 2;
    const Json signed_now = sign({17, 4}, now);
    ASSERT_EQ(code(signed_now), "ok") << signed_now;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const Json& exit = signed_now["exits"][i];
        EXPECT_EQ(exit["public_key"], keys[i]);
        EXPECT_EQ(exit["exit"]["message"]["validator_index"], i == 0 ? "17" : "4");
        EXPECT_EQ(exit["exit"]["message"]["epoch"], std::to_string(now));
        EXPECT_FALSE(ethereum::check_exit(exit["exit"], ethereum::PublicKey::parse(keys[i]).value(),
                                          network));
    }
    EXPECT_EQ(code(sign({17, 4}, now + 1)), "too_far_ahead");
    for (const Json& validators :
         {Json({17}), Json({17, -1}), Json({17, "4"}), Json({17, 4, 5}), Json(), Json({17, 1.5})}) {
        EXPECT_EQ(code(sign(validators, 0)), "bad_request") << validators;
    }
    EXPECT_EQ(code(sign({17, 4}, Json())), "bad_request");
    become_a_copy();
    EXPECT_EQ(code(sign({17, 4}, 0)), "ok")
        << "whoever has lost the table still ends its validators";
    be_the_table();
    ASSERT_EQ(code(about(made, "delete_keys")), "ok");
    EXPECT_EQ(code(sign({17, 4}, 0)), "bad_request") << "there is nothing to sign with";
}

}  // namespace
}  // namespace redoubt::test
