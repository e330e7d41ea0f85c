// SPDX-License-Identifier: Apache-2.0
#include "recovery_fixture.hpp"

namespace redoubt::test {
namespace {

TEST_F(Recovery, AKeyIsBroughtInAndASignerOpensIt) {
    const Json brought = import();
    ASSERT_EQ(code(brought), "ok") << brought;
    EXPECT_EQ(brought.at("outcome"), "imported");
    ASSERT_EQ(brought.at("keys").size(), 1U);
    EXPECT_EQ(brought["keys"][0]["public_key"], key.public_key_text);
    EXPECT_EQ(open(brought), (std::vector<Bytes>{bytes_of_secret()}));
    EXPECT_EQ(outcomes(brought), std::vector<std::string>(3, "armed"));
    for (const Json& row : brought.at("rows")) {
        EXPECT_EQ(row.at("signs_from"), (Json{{"level", 1001}, {"round", 0}}));
    }
}

TEST_F(Recovery, ItsRowsAreArmedBeforeTheKeyIsThere) {
    ASSERT_EQ(code(import()), "ok");
    const auto all = writes();
    ASSERT_EQ(all.size(), 5U);
    EXPECT_EQ(all[3], "wrap");
    EXPECT_EQ(all[4], "sealed");
    for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(all[i].starts_with(mainnet)) << all[i];
}

TEST_F(Recovery, AReplayChangesNothing) {
    ASSERT_EQ(code(import()), "ok");
    const auto before = table.items;
    const Json again = import();
    ASSERT_EQ(code(again), "ok") << again;
    EXPECT_EQ(again.at("outcome"), "unchanged");
    EXPECT_EQ(again["keys"][0]["public_key"], key.public_key_text);
    EXPECT_EQ(outcomes(again), std::vector<std::string>(3, "unchanged"));
    EXPECT_EQ(table.items, before);
}

TEST_F(Recovery, RowsThatStandHigherStay) {
    ASSERT_EQ(code(import({{"level", 2000}, {"force", true}})), "ok");
    const auto before = table.items;
    EXPECT_EQ(code(import({{"level", 1000}})), "ok");
    EXPECT_EQ(table.items, before);
}

TEST_F(Recovery, AKeyWhoseRowsCannotBeLiftedIsNotWritten) {
    ASSERT_EQ(code(import()), "ok");
    table.items.erase({key.address, "sealed"});
    const Json refused = import({{"level", 40'000'000}});
    EXPECT_EQ(code(refused), "too_far_ahead");
    EXPECT_TRUE(items("sealed").empty());
}

TEST_F(Recovery, WhatWillNeverOpenIsReplaced) {
    use_wrapping_keys(2);
    ASSERT_EQ(code(import({{"kms_keys", {wrapping_arn(1)}}})), "ok");
    const Json old = sealed_item(key.address);
    const auto with_old = table.items;
    const std::string wrap = old.at("wrap").at("S");
    const std::vector<std::function<void()>> losses = {
        [&] { kms.troubles = {{wrapping_arn(1), "DisabledException"}}; },
        [&] { table.items.erase({"wrap/" + wrap, "wrap"}); },
        [&] { sealed_item(key.address)["sealed"] = aws::dynamodb::binary(Bytes(61, 1)); },
        [&] { sealed_item(key.address).erase("sealed"); },
        [&] { sealed_item(key.address)["sealed"] = {{"S", "no bytes"}}; }};
    for (const auto& lose : losses) {
        table.items = with_old;
        kms.troubles.clear();
        lose();
        const Json brought = import({{"kms_key", wrapping_arn(2)},
                                     {"kms_keys", {wrapping_arn(2)}},
                                     {"ciphertext", encrypted({.kms_key = 2})}});
        ASSERT_EQ(code(brought), "ok") << brought;
        EXPECT_EQ(brought.at("outcome"), "replaced");
        EXPECT_EQ(open(brought), (std::vector<Bytes>{bytes_of_secret()}));
    }
}

TEST_F(Recovery, WhatMayOpenLaterIsLeftAlone) {
    use_wrapping_keys(2);
    ASSERT_EQ(code(import({{"kms_keys", {wrapping_arn(1)}}})), "ok");
    kms.troubles = {{wrapping_arn(1), "KMSInternalException"}};
    const auto before = table.items;
    const Json refused = import({{"kms_key", wrapping_arn(2)},
                                 {"kms_keys", {wrapping_arn(2)}},
                                 {"ciphertext", encrypted({.kms_key = 2})}});
    EXPECT_EQ(code(refused), "wrap_unavailable") << refused;
    EXPECT_EQ(table.items, before);
}

TEST_F(Recovery, AnItemThatWasChangedMeanwhileIsLeftAlone) {
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (!is_write(call) || !call.body.contains("\"sealed\"")) return std::nullopt;
        table.items[{key.address, "sealed"}] = {{"pkh", {{"S", key.address}}},
                                                {"scope", {{"S", "sealed"}}},
                                                {"sealed", aws::dynamodb::binary(Bytes(61, 9))}};
        return std::nullopt;
    };
    const Json refused = import();
    EXPECT_EQ(code(refused), "table_refused");
    EXPECT_TRUE(message(refused).contains("meanwhile")) << message(refused);
    EXPECT_EQ(sealed_item(key.address).at("sealed"), Json(aws::dynamodb::binary(Bytes(61, 9))));
}

TEST_F(Recovery, ADamagedItemThatWasMendedMeanwhileIsLeftAlone) {
    ASSERT_EQ(code(import()), "ok");
    const Json sound = sealed_item(key.address);
    sealed_item(key.address)["sealed"] = aws::dynamodb::binary(Bytes(61, 1));
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (is_write(call)) sealed_item(key.address) = sound;
        return std::nullopt;
    };
    EXPECT_EQ(code(import()), "table_refused");
    EXPECT_EQ(sealed_item(key.address), sound);
}

TEST_F(Recovery, AWriteWhoseAnswerWasLostIsNoneTheLessOurs) {
    int seen = 0;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (!header_of(call, "X-Amz-Target").ends_with("PutItem") || ++seen % 2 == 0) {
            return std::nullopt;
        }
        static_cast<void>(table.answer(call));
        return lost(http::TransportFailure::Timeout);
    };
    const Json brought = import();
    EXPECT_EQ(code(brought), "ok") << brought;
    EXPECT_EQ(seen, 4);
    EXPECT_EQ(open(brought).size(), 1U);
}

TEST_F(Recovery, ABlobOpensForItsKeyTableAndKmsKeyOnly) {
    use_wrapping_keys(2);
    const std::string other = tezos::KeyInfo(secret_of(9).public_key()).public_key_text;
    for (const Json& more :
         {Json{{"ciphertext", encrypted({.table = "another-table"})}},
          Json{{"ciphertext", encrypted({.public_key = other})}}, Json{{"public_key", other}},
          Json{{"kms_key", wrapping_arn(2)}}, Json{{"ciphertext", to_base64(Bytes(100, 7))}}}) {
        Json fields = {{"threshold", 1}};
        fields.update(more);
        const Json refused = import(fields);
        EXPECT_EQ(code(refused), "kms_refused") << more;
        EXPECT_TRUE(message(refused).contains("make it again")) << message(refused);
    }
    EXPECT_TRUE(table.items.empty());
}

TEST_F(Recovery, WhatIsNoSecretOfThisKeyIsRefusedByName) {
    const auto refused_for = [this](const std::string& text) {
        const Json refused = import({{"ciphertext", encrypted({.text = text})}});
        EXPECT_EQ(code(refused), "bad_request") << text;
        EXPECT_FALSE(message(refused).contains("BLsk" + text.substr(4, 6)));
        EXPECT_TRUE(message(refused).contains("nothing was written")) << message(refused);
        return message(refused);
    };
    Bytes order =
        from_hex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001").value();
    EXPECT_TRUE(refused_for(text_of_secret(Bytes(32, 0))).contains("zero"));
    EXPECT_TRUE(refused_for(text_of_secret(order)).contains("order"));
    EXPECT_TRUE(refused_for(text_of_secret(Bytes(32, 0xff))).contains("order"));
    const auto other = secret_of(9);
    const std::string of_other = refused_for(text_of_secret(other.big_endian()));
    EXPECT_TRUE(of_other.contains(tezos::KeyInfo(other.public_key()).address)) << of_other;
    std::string mistyped = text_of_secret(bytes_of_secret());
    mistyped.back() = mistyped.back() == 'A' ? 'B' : 'A';
    EXPECT_TRUE(refused_for(mistyped).contains("is not a tz4 secret key"));
    EXPECT_TRUE(table.items.empty());
}

TEST_F(Recovery, ATextOfAnotherLengthIsRefused) {
    const std::string text = text_of_secret(bytes_of_secret());
    for (const std::string& other : {text + "\n", text.substr(1), std::string("edsk")}) {
        const Json refused = import({{"ciphertext", encrypted({.text = other})}});
        EXPECT_EQ(code(refused), "bad_request");
        EXPECT_TRUE(message(refused).contains("no end of a line")) << message(refused);
    }
    EXPECT_TRUE(table.items.empty());
}

TEST_F(Recovery, FieldsOfImportKeyAreReadStrictly) {
    const std::string tz2 = "sppk7bMuoa8w2LSKz3XEuPsKx1WavsMLCWgbWG9CZNAsJg9eTmkXRPd";
    for (const Json& more :
         {Json{{"public_key", nullptr}},
          Json{{"public_key", tz2}},
          Json{{"public_key", 7}},
          Json{{"kms_key", nullptr}},
          Json{{"kms_key", wrapping_arn(3)}},
          Json{{"ciphertext", nullptr}},
          Json{{"ciphertext", ""}},
          Json{{"ciphertext", "?"}},
          Json{{"ciphertext", std::string(10'000, 'A')}},
          Json{{"chain", nullptr}},
          Json{{"level", nullptr}},
          Json{{"level", "1000"}},
          Json{{"force", 1}},
          Json{{"dry_run", "yes"}},
          Json{{"threshold", 2}},
          Json{{"threshold", 0}},
          Json{{"secret", "BLsk"}},
          Json{{"kms_keys", Json::array()}},
          Json{{"kms_keys", {wrapping_arn(3)}}},
          Json{{"kms_keys", {wrapping_arn(1), wrapping_arn(1)}}, {"threshold", 1}}}) {
        EXPECT_EQ(code(import(more)), "bad_request") << more;
    }
    EXPECT_EQ(code(import({{"level", 60'000'000}})), "too_far_ahead");
    sealing.backup_recipients.reset();
    EXPECT_EQ(code(import()), "bad_request");
    EXPECT_TRUE(table.items.empty());
    EXPECT_EQ(kms.calls["Decrypt"], 0);
}

TEST_F(Recovery, ADryRunOfAnImportWritesNothing) {
    const Json rehearsed = import({{"dry_run", true}});
    ASSERT_EQ(code(rehearsed), "ok") << rehearsed;
    EXPECT_EQ(rehearsed.at("dry_run"), true);
    EXPECT_EQ(rehearsed.at("outcome"), "imported");
    EXPECT_TRUE(rehearsed.at("keys").empty());
    EXPECT_TRUE(table.items.empty());
}

TEST_F(Recovery, ImportedKeysAreBackedUpAnew) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const Json brought = import();
    ASSERT_EQ(code(brought), "ok") << brought;
    EXPECT_TRUE(brought["keys"][0]["backup"].get<std::string>().starts_with("-----BEGIN AGE"));
    EXPECT_EQ(sealed_item(key.address).at("backup"), (Json{{"S", brought["keys"][0]["backup"]}}));
}

TEST_F(Recovery, ABackupIsTestedWithoutWritingAnything) {
    Json event = event_of_import();
    event["command"] = "test_backup";
    const Json tested = recover(event);
    ASSERT_EQ(code(tested), "ok") << tested;
    EXPECT_EQ(tested.at("matches"), true);
    EXPECT_EQ(tested.at("pkh"), key.address);
    for (const char* name : {"chain", "level"}) event.erase(name);
    EXPECT_EQ(code(recover(event)), "ok") << "it needs no more than the key";
    event["ciphertext"] = encrypted({.text = text_of_secret(secret_of(9).big_endian())});
    const Json other = recover(event);
    EXPECT_EQ(code(other), "bad_request");
    EXPECT_TRUE(message(other).contains("another key")) << message(other);
    EXPECT_TRUE(table.items.empty());
    EXPECT_TRUE(writes().empty());
}

}  // namespace
}  // namespace redoubt::test
