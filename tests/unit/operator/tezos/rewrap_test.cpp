// SPDX-License-Identifier: Apache-2.0
#include <redoubt/operator/sealed/sealing.hpp>

#include "recovery_fixture.hpp"

namespace redoubt::test {
namespace {

class Rewrapping : public Recovery {
protected:
    /// A key under the first of three KMS keys.
    Json make(const std::string& batch = "first", int count = 1) {
        use_wrapping_keys(1);
        const Json made = create(batch, count);
        EXPECT_EQ(code(made), "ok") << made;
        use_wrapping_keys(3);
        world.runner.calls.clear();
        kms.calls.clear();
        return made;
    }
    static std::string wrap_of(const Json& made) { return made["keys"][0]["wrap"]; }
    Json rewrap(const Json& made, const Json& more = Json::object()) {
        Json command = {{"command", "rewrap"}, {"wrap", wrap_of(made)}, {"threshold", 2}};
        command.update(more);
        return recover(command);
    }
    Json reseal(const Json& more = Json::object()) {
        Json command = {{"command", "reseal"}, {"threshold", 2}};
        command.update(more);
        return recover(command);
    }
};

TEST_F(Rewrapping, FromOneKmsKeyToTwoOfThree) {
    const Json made = make();
    const auto secrets = open(made);
    const Json sealed = sealed_item(made["keys"][0]["pkh"]);
    const Json done = rewrap(made);
    ASSERT_EQ(code(done), "ok") << done;
    EXPECT_EQ(done.at("outcome"), "rewrapped");
    EXPECT_EQ(done.at("threshold"), 2);
    EXPECT_EQ(done.at("kms_keys"),
              Json::array({wrapping_arn(1), wrapping_arn(2), wrapping_arn(3)}));
    EXPECT_EQ(sealed_item(made["keys"][0]["pkh"]), sealed) << "the keys stay as they are";
    for (unsigned gone = 1; gone <= 3; ++gone) {
        kms.troubles = {{wrapping_arn(gone), "DisabledException"}};
        EXPECT_EQ(open(made), secrets) << "without KMS key " << gone;
    }
    EXPECT_EQ(writes(), std::vector<std::string>{"wrap"});
}

TEST_F(Rewrapping, ToAnotherKmsKey) {
    const Json made = make();
    const auto secrets = open(made);
    ASSERT_EQ(code(rewrap(made, {{"kms_keys", {wrapping_arn(3)}}, {"threshold", 1}})), "ok");
    kms.troubles = {{wrapping_arn(1), "KMSInvalidStateException"}};
    EXPECT_EQ(open(made), secrets);
}

TEST_F(Rewrapping, EachNewShareIsOpenedBeforeTheOldOnesGo) {
    const Json made = make();
    const auto before = table.items;
    interrupt = [this](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        const bool is_it = header_of(call, "X-Amz-Target").ends_with("Decrypt") &&
                           call.body.contains(wrapping_arn(3));
        if (!is_it) return std::nullopt;
        return aws_error(400, "AccessDeniedException", world.clock.wall());
    };
    const Json refused = rewrap(made);
    EXPECT_EQ(code(refused), "kms_refused");
    EXPECT_TRUE(message(refused).starts_with(wrapping_arn(3))) << message(refused);
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, AShareThatKmsOpensToSomethingElseIsNotTaken) {
    const Json made = make();
    const auto before = table.items;
    interrupt = [this](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        const bool is_it = header_of(call, "X-Amz-Target").ends_with("Decrypt") &&
                           call.body.contains(wrapping_arn(2));
        if (!is_it) return std::nullopt;
        return aws_answer(200,
                          {{"KeyId", wrapping_arn(2)},
                           {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"},
                           {"Plaintext", to_base64(Bytes(32, 1))}},
                          world.clock.wall());
    };
    EXPECT_EQ(code(rewrap(made)), "kms_refused");
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, SharesThatDoNotGiveTheKeyAgainAreNotEncrypted) {
    use_wrapping_keys(3);
    const auto& layout = tezos_adapters::wrap_layout;
    const std::string table_text = table_name;
    const sealed_operator::Tools tools{
        {world.dynamodb, table_text, regions, sealing.wrapping_keys, world.runner},
        layout,
        world.kms,
        sealing};
    sealed_operator::NewWrap whole{sealed::WrapKey::make(Bytes(32, 1)),
                                   {sealed::WrapId::make(), 2, {}, {}, layout.purpose, 0}};
    whole.wrap.check = whole.key.check(whole.wrap.id);
    auto shares = sealed::split(whole.key, 2, 3).value();
    const auto encrypt = [&] {
        return sealed_operator::encrypt_shares(tools, whole, shares, sealing.wrapping_keys,
                                               sealed_operator::Trial::None, SteadyTime::max());
    };
    EXPECT_EQ(encrypt().value().size(), 3U);
    world.runner.calls.clear();
    shares[2].bytes.bytes()[31] ^= 0x80U;  // no part of the first two, which give the key
    EXPECT_EQ(encrypt().error().code, Code::Internal);
    EXPECT_TRUE(world.runner.calls.empty());
}

TEST_F(Rewrapping, AgainItChangesNothing) {
    const Json made = make();
    ASSERT_EQ(code(rewrap(made)), "ok");
    const auto before = table.items;
    const Json again = rewrap(made);
    EXPECT_EQ(code(again), "ok");
    EXPECT_EQ(again.at("outcome"), "unchanged");
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, AShareThatIsLostOrWrongIsMadeAnew) {
    const Json made = make();
    const auto secrets = open(made);
    ASSERT_EQ(code(rewrap(made)), "ok");
    const auto share = [&](std::size_t at) -> Json& {
        return wrap_item(wrap_of(made)).at("shares").at("L")[at].at("M").at("share");
    };
    share(1) = aws::dynamodb::binary(Bytes(100, 7));  // KMS opens it no more
    const Json mended = rewrap(made);
    EXPECT_EQ(mended.at("outcome"), "rewrapped") << mended;
    kms.troubles = {{wrapping_arn(1), "DisabledException"}};
    EXPECT_EQ(open(made), secrets);
    const auto before = table.items;
    EXPECT_EQ(code(rewrap(made)), "kms_refused") << "a KMS key that is off gets no new share";
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, AWrapThatWasChangedMeanwhileIsLeft) {
    const Json made = make();
    Json changed;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (!is_write(call) || !changed.is_null()) return std::nullopt;
        changed = true;
        EXPECT_EQ(code(rewrap(made, {{"threshold", 3}})), "ok");
        changed = wrap_item(wrap_of(made));
        return std::nullopt;
    };
    const Json refused = rewrap(made);
    EXPECT_EQ(code(refused), "bad_request");
    EXPECT_TRUE(message(refused).contains("meanwhile")) << message(refused);
    EXPECT_EQ(wrap_item(wrap_of(made)), changed);
}

TEST_F(Rewrapping, ARewrapWhoseAnswerWasLostIsDone) {
    const Json made = make();
    bool is_lost = false;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (!is_write(call) || std::exchange(is_lost, true)) return std::nullopt;
        static_cast<void>(table.answer(call));
        return lost(http::TransportFailure::Timeout);
    };
    EXPECT_EQ(code(rewrap(made)), "ok");
    EXPECT_TRUE(is_lost);
    EXPECT_EQ(open(made).size(), 1U);
}

TEST_F(Rewrapping, WhatDoesNotOpenIsNotRewrapped) {
    const Json made = make();
    const auto before = table.items;
    kms.troubles = {{wrapping_arn(1), "DisabledException"}};
    EXPECT_EQ(code(rewrap(made)), "wrap_refused");
    kms.troubles = {{wrapping_arn(1), "KMSInternalException"}};
    EXPECT_EQ(code(rewrap(made)), "wrap_unavailable");
    kms.troubles.clear();
    use_wrapping_keys(3);
    sealing.wrapping_keys.erase(sealing.wrapping_keys.begin());
    EXPECT_EQ(code(rewrap(made, {{"threshold", 1}})), "wrap_refused")
        << "a KMS key that is not listed is not asked";
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, FieldsAreReadStrictly) {
    const Json made = make();
    const auto before = table.items;
    const Json twice = Json::array({wrapping_arn(1), wrapping_arn(1)});
    for (const Json& more :
         {Json{{"wrap", nullptr}}, Json{{"wrap", "first"}}, Json{{"wrap", std::string(32, 'A')}},
          Json{{"wrap", std::string(32, '0')}}, Json{{"threshold", 0}}, Json{{"threshold", 4}},
          Json{{"threshold", nullptr}}, Json{{"kms_keys", twice}}, Json{{"kms_keys", "all"}},
          Json{{"dry_run", 0}}, Json{{"keys", Json::array()}}}) {
        EXPECT_EQ(code(rewrap(made, more)), "bad_request") << more;
    }
    for (const Json& more : {Json{{"keys", Json::array()}}, Json{{"threshold", 0}},
                             Json{{"kms_keys", twice}}, Json{{"wrap", wrap_of(made)}}}) {
        EXPECT_EQ(code(reseal(more)), "bad_request") << more;
    }
    EXPECT_EQ(code(reseal({{"keys", {key.address}}})), "unknown_key");
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, DryRunsWriteNothing) {
    const Json made = make();
    const auto before = table.items;
    const Json rewrapped = rewrap(made, {{"dry_run", true}});
    EXPECT_EQ(code(rewrapped), "ok");
    EXPECT_EQ(rewrapped.at("outcome"), "rewrapped");
    EXPECT_EQ(rewrapped.at("dry_run"), true);
    const Json resealed = reseal({{"dry_run", true}});
    EXPECT_EQ(code(resealed), "ok") << resealed;
    EXPECT_EQ(resealed.at("wrap"), nullptr) << "that wrap is gone";
    EXPECT_EQ(resealed["keys"][0]["outcome"], "resealed");
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, ResealingMergesManyWrapsIntoOne) {
    sealing.backup_recipients->push_back(backup::Recipient::parse(recipient).value());
    const std::vector<Json> made = {make("first", 2), make("second"), make("third")};
    std::vector<std::vector<Bytes>> secrets;
    for (const Json& one : made) secrets.push_back(open(one));
    const Json old = sealed_item(made[0]["keys"][0]["pkh"]);
    const Json done = reseal();
    ASSERT_EQ(code(done), "ok") << done;
    ASSERT_EQ(done.at("keys").size(), 4U);
    for (const Json& one : done.at("keys")) {
        EXPECT_EQ(one.at("outcome"), "resealed");
        EXPECT_EQ(one.at("after"), done.at("wrap"));
        EXPECT_NE(one.at("before"), done.at("wrap"));
    }
    for (const Json& item : items("sealed")) EXPECT_EQ(item["wrap"]["S"], done.at("wrap"));
    Json now = sealed_item(made[0]["keys"][0]["pkh"]);
    EXPECT_NE(now.at("sealed"), old.at("sealed"));
    now["sealed"] = old.at("sealed");
    now["wrap"] = old.at("wrap");
    EXPECT_EQ(now, old) << "all else stays";
    kms.troubles = {{wrapping_arn(1), "DisabledException"}};
    for (std::size_t i = 0; i < made.size(); ++i) EXPECT_EQ(open(made[i]), secrets[i]);
    const Json again = create("first", 2, {{"threshold", 1}});
    ASSERT_EQ(code(again), "ok") << again;
    EXPECT_EQ(again["keys"][0]["wrap"], done.at("wrap")) << "a batch knows where its keys are now";
}

TEST_F(Rewrapping, AKeyThatDoesNotOpenHoldsUpNoOther) {
    const Json made = make("first", 2);
    const std::string broken = made["keys"][0]["pkh"];
    sealed_item(broken)["sealed"] = aws::dynamodb::binary(Bytes(61, 1));
    const Json before = sealed_item(broken);
    const Json done = reseal();
    EXPECT_EQ(code(done), "damaged_key");
    std::map<std::string, std::string> outcomes;
    for (const Json& one : done.at("keys")) outcomes[one.at("pkh")] = one.at("outcome");
    EXPECT_EQ(outcomes.at(broken), "damaged_key");
    EXPECT_EQ(outcomes.at(made["keys"][1]["pkh"]), "resealed");
    EXPECT_EQ(sealed_item(broken), before);
}

TEST_F(Rewrapping, AKeyThatWasChangedMeanwhileIsLeft) {
    const Json made = make();
    const std::string address = made["keys"][0]["pkh"];
    bool is_changed = false;
    interrupt = [&](const http::ClientRequest& call) -> std::optional<http::ResponseOrError> {
        if (!is_write(call) || std::exchange(is_changed, true)) return std::nullopt;
        EXPECT_EQ(code(reseal()), "ok");
        return std::nullopt;
    };
    const Json refused = reseal();
    EXPECT_EQ(code(refused), "table_refused");
    EXPECT_EQ(refused["keys"][0]["outcome"], "table_refused");
    EXPECT_NE(sealed_item(address)["wrap"]["S"], refused.at("wrap"));
    EXPECT_EQ(open(made).size(), 1U);
}

TEST_F(Rewrapping, NothingIsWrittenIfNothingOpens) {
    static_cast<void>(make());
    kms.troubles = {{wrapping_arn(1), "DisabledException"}};
    const auto before = table.items;
    EXPECT_EQ(code(reseal({{"kms_keys", {wrapping_arn(2)}}, {"threshold", 1}})), "wrap_refused");
    EXPECT_EQ(table.items, before);
}

TEST_F(Rewrapping, ATableWithoutSealedKeysHasNothingToReseal) {
    use_wrapping_keys(3);
    EXPECT_EQ(code(reseal()), "bad_request");
}

}  // namespace
}  // namespace redoubt::test
