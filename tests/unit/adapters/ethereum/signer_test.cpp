// SPDX-License-Identifier: Apache-2.0
// The signer function from a request to the table and back.
#include <algorithm>
#include <cctype>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/text.hpp>
#include <redoubt/sealed/envelope.hpp>

#include "signer_fixture.hpp"

namespace redoubt::test {
namespace {

/// With one key, armed at zero.
class ValidatorSigning : public ValidatorSigner {
protected:
    [[nodiscard]] Json row() const { return item(key); }
    [[nodiscard]] std::string number(const char* name) const { return row().at(name).at("N"); }
    Json vote(std::uint64_t seed = 1) {
        return requests.attestation(epoch_now() - 1, epoch_now(), seed);
    }
    Json block(std::uint64_t seed = 1) { return requests.block(slot_now(), seed); }

    const std::string key = make_key("first");
};

TEST_F(ValidatorSigning, AnAttestationIsCommittedAndSigned) {
    const Json request = vote();
    const auto answer = sign(key, request);
    ASSERT_EQ(outcome_of(answer), "signed") << answer.response.body;
    EXPECT_TRUE(is_signature(answer, key, request));
    EXPECT_EQ(number("src"), std::to_string(epoch_now() - 1));
    EXPECT_EQ(number("tgt"), std::to_string(epoch_now()));
    EXPECT_EQ(number("slot"), "0");
}

TEST_F(ValidatorSigning, ABlockIsCommittedAndSigned) {
    const Json request = block();
    const auto answer = sign(key, request);
    ASSERT_EQ(outcome_of(answer), "signed") << answer.response.body;
    EXPECT_TRUE(is_signature(answer, key, request));
    EXPECT_EQ(number("slot"), std::to_string(slot_now()));
    EXPECT_EQ(number("tgt"), "0");
}

TEST_F(ValidatorSigning, TheSameAgainGivesTheSameSignatureAndAnotherOneNone) {
    for (const auto& [once, again] : {std::pair(vote(1), vote(2)), std::pair(block(1), block(2))}) {
        const std::string first = sign(key, once).response.body;
        EXPECT_EQ(sign(key, once).response.body, first);
        const Json before = row();
        EXPECT_EQ(outcome(key, again), "already_signed");
        EXPECT_EQ(row(), before);
    }
    EXPECT_EQ(outcome(key, requests.attestation(epoch_now() - 2, epoch_now() - 1)),
              "below_watermark");
    EXPECT_EQ(outcome(key, requests.attestation(epoch_now() - 2, epoch_now() + 1)),
              "below_watermark")
        << "it would surround the vote above";
    EXPECT_EQ(outcome(key, requests.block(slot_now() - 1)), "below_watermark");
}

TEST_F(ValidatorSigning, TheSecondTimeItSignsWhileTheCommitIsUnderWay) {
    EXPECT_EQ(outcome(key, vote()), "signed");
    look();
    world.runner.most_at_once = 0;
    EXPECT_EQ(outcome(key, block()), "signed");
    EXPECT_EQ(world.runner.most_at_once, 2U) << "the write, and the arithmetic";
    EXPECT_EQ(calls_since(), 1U);
    EXPECT_EQ(calls_since("UpdateItem"), 1U);
}

TEST_F(ValidatorSigning, AFirstVoteReadsTheNetworkTheTokenAndTheWrapAndIsOneWrite) {
    look();
    EXPECT_EQ(outcome(key, vote()), "signed");
    EXPECT_EQ(calls_since("UpdateItem"), 1U);
    EXPECT_EQ(calls_since("GetItem"), 3U);
    EXPECT_EQ(calls_since("Decrypt"), 1U);
    EXPECT_EQ(calls_since(), 5U);
}

TEST_F(ValidatorSigning, PreparedThereIsOnlyTheTokenLeftToRead) {
    environment->store.prepare(SteadyTime::max());
    look();
    EXPECT_EQ(outcome(key, vote()), "signed");
    EXPECT_EQ(calls_since("GetItem"), 1U);
    EXPECT_EQ(calls_since("Decrypt"), 0U);
}

/// Ten keys, each under a wrap of its own, by the order in which wraps are opened.
class ManyWraps : public ValidatorSigning {
protected:
    ManyWraps() {
        std::map<std::string, std::string> by_wrap;
        for (int i = 0; i < 10; ++i) {
            const std::string made = i == 0 ? key : make_key("batch" + std::to_string(i));
            by_wrap.emplace(item(made).at("wrap").at("S").get<std::string>(), made);
        }
        for (const auto& [wrap, made] : by_wrap) keys.push_back(made);
        restart();
        environment->store.prepare(SteadyTime::max());
    }
    /// Wraps that were opened since, each by a read and a round of KMS.
    std::size_t opened() {
        const std::size_t count = calls_since("Decrypt");
        EXPECT_EQ(calls_since(), 2 * count);
        return count;
    }

    std::vector<std::string> keys;
};

TEST_F(ManyWraps, OneIsOpenedAtTheStartAndSevenMoreAfterAnAnswer) {
    EXPECT_EQ(environment->openings.size(), 1U);
    EXPECT_EQ(environment->openings[0].opened.size(), 1U);
    look();
    environment->store.open_more(SteadyTime::max());
    EXPECT_EQ(calls_since(), 0U) << "nobody who may has asked for a signature";
    EXPECT_EQ(outcome(keys[0], vote()), "signed");
    EXPECT_EQ(calls_since("Decrypt"), 0U);
    look();
    environment->store.open_more(SteadyTime::max());
    EXPECT_EQ(opened(), 7U);
    look();
    environment->store.open_more(SteadyTime::max());
    EXPECT_EQ(calls_since(), 0U);
    for (std::size_t i = 1; i < 8; ++i) EXPECT_EQ(outcome(keys[i], vote()), "signed");
    EXPECT_EQ(calls_since("Decrypt"), 0U);
    for (std::size_t i = 8; i < 10; ++i) EXPECT_EQ(outcome(keys[i], vote()), "signed");
    EXPECT_EQ(calls_since("Decrypt"), 2U) << "others when they are met";
}

TEST_F(ManyWraps, WhatARequestNeedsItOpensAndTheRestIsTriedOnce) {
    EXPECT_EQ(outcome(keys[3], vote()), "signed");
    kms.troubles[wrapping_arn(1)] = "KMSInternalException";
    environment->store.open_more(SteadyTime::max());
    kms.troubles.clear();
    look();
    environment->store.open_more(SteadyTime::max());
    EXPECT_EQ(calls_since(), 0U);
    EXPECT_EQ(outcome(keys[4], vote()), "signed");
    EXPECT_EQ(calls_since("Decrypt"), 1U);
}

TEST_F(ManyWraps, HealthIsThatOfEight) {
    token = make_token({"read"}, access::AllKeys{});
    look();
    EXPECT_EQ(call("GET", "/healthcheck").response.status, 200);
    EXPECT_EQ(calls_since("Decrypt"), 7U);
}

TEST_F(ValidatorSigning, KmsIsConnectedToWhileAWrapIsRead) {
    world.runner.expected.clear();
    const int runs = world.runner.runs;
    environment->store.prepare(SteadyTime::max());
    ASSERT_EQ(world.runner.expected.size(), 1U);
    const auto& [peers, after_runs] = world.runner.expected.front();
    EXPECT_EQ(peers, std::vector<std::string>{world.kms.endpoint().origin});
    EXPECT_EQ(after_runs, runs + 1) << "what the table is for was read";
    environment->store.prepare(SteadyTime::max());
    EXPECT_EQ(world.runner.expected.size(), 1U) << "all is open";
}

TEST_F(ValidatorSigning, WhatIsOffSignsNothingAtOnceIfItCouldBeSlashed) {
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    ask({{"command", "set_keys"}, {"keys", {key}}, {"on", false}});
    const Json before = row();
    EXPECT_EQ(outcome(key, vote()), "key_disabled");
    EXPECT_EQ(outcome(key, block()), "key_disabled");
    EXPECT_EQ(row(), before);
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "key_disabled")
        << "the refused write told it";
}

TEST_F(ValidatorSigning, OtherMessagesHearOfASwitchWithinAMinute) {
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    ask({{"command", "set_keys"}, {"keys", {key}}, {"on", false}});
    world.clock.advance(std::chrono::seconds(59));
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    world.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "key_disabled");
}

TEST_F(ValidatorSigning, WhatIsKnownOfAKeyIsOldAfterAMinuteInWhichTheFunctionWasFrozen) {
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    const auto listed = [this] { return call("GET", "/api/v1/eth2/publicKeys").response.body; };
    EXPECT_EQ(listed(), Json::array({key}).dump());
    ask({{"command", "set_keys"}, {"keys", {key}}, {"on", false}});
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    world.clock.freeze(std::chrono::seconds(60));
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "key_disabled");
    EXPECT_EQ(listed(), "[]");
}

/// The row in the answer is as old as the question: it may have been off by the time of the answer.
TEST_F(ValidatorSigning, AWriteThatWasAnsweredLateTellsOfTheMomentItWasAsked) {
    interrupt = [&](const http::ClientRequest& asked) -> std::optional<http::ResponseOrError> {
        if (operation_of(asked) != "UpdateItem") return std::nullopt;
        auto answer = carry_out(asked);
        world.clock.advance(std::chrono::seconds(1));
        return answer;
    };
    EXPECT_EQ(outcome(key, vote()), "signed");
    interrupt = {};
    ask({{"command", "set_keys"}, {"keys", {key}}, {"on", false}});
    world.clock.advance(std::chrono::seconds(59));
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "key_disabled");
}

TEST_F(ValidatorSigning, AnExitAlwaysAsksTheTable) {
    token = make_token({"exit"}, access::AllKeys{});
    EXPECT_EQ(outcome(key, requests.exit(epoch_now())), "signed");
    look();
    EXPECT_EQ(outcome(key, requests.exit(epoch_now())), "signed");
    EXPECT_EQ(calls_since("GetItem"), 1U);
    ask({{"command", "set_keys"}, {"keys", {key}}, {"on", false}});
    EXPECT_EQ(outcome(key, requests.exit(epoch_now())), "key_disabled");
}

TEST_F(ValidatorSigning, OtherMessagesCostOneReadAMinuteAndNoWrite) {
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    const Json before = row();
    look();
    for (const Json& request :
         {requests.randao(epoch_now()), requests.selection_proof(slot_now()),
          requests.sync_message(slot_now()), requests.aggregate(slot_now())}) {
        const auto answer = sign(key, request);
        EXPECT_TRUE(is_signature(answer, key, request)) << request << answer.response.body;
    }
    EXPECT_EQ(calls_since(), 0U);
    EXPECT_EQ(row(), before);
}

TEST_F(ValidatorSigning, FromUntilOnNothingThatCouldBeSlashedIsSigned) {
    about({{"keys", {{{"public_key", key}}}}}, "set_until", {{"until", epoch_now() + 1}});
    EXPECT_EQ(outcome(key, vote()), "signed");
    EXPECT_EQ(outcome(key, requests.attestation(epoch_now(), epoch_now() + 1)), "past_until");
    world.clock.advance(std::chrono::seconds(12 * 32));
    EXPECT_EQ(outcome(key, block()), "past_until");
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
}

TEST_F(ValidatorSigning, AnUnknownKeyIsToldOnlyToThoseWhoMayUseAll) {
    const std::string unknown = "0x" + std::string(96, 'a');
    for (const Json& request : {vote(), requests.randao(epoch_now())}) {
        token = make_token({"validator"}, access::AllKeys{});
        EXPECT_EQ(outcome(unknown, request), "unknown_key");
        EXPECT_TRUE(item(unknown).is_null());
        for (const access::KeyScope& scope : {access::KeyScope(access::TheseKeys{{key}}),
                                              access::KeyScope(access::TaggedKeys{{"a"}})}) {
            token = make_token({"validator"}, scope);
            EXPECT_EQ(outcome(unknown, request), "not_permitted");
        }
    }
}

TEST_F(ValidatorSigning, TagsAreDecidedInTheCondition) {
    token = make_token({"validator"}, access::TaggedKeys{{"a", "b"}});
    const Json before = row();
    EXPECT_EQ(outcome(key, vote()), "not_permitted");
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "not_permitted");
    EXPECT_EQ(row(), before);
    ask({{"command", "tag_keys"}, {"keys", {key}}, {"tags", {"b", "c"}}});
    restart();
    EXPECT_EQ(outcome(key, vote()), "signed");
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    ask({{"command", "tag_keys"}, {"keys", {key}}, {"tags", {"c"}}});
    EXPECT_EQ(outcome(key, block()), "not_permitted") << "at once";
}

TEST_F(ValidatorSigning, PaymentsGoWhereTheTableSaysOnly) {
    const std::string ours = address;
    const auto registration = [&](const std::string& to) {
        return outcome(key, requests.registration(key, to));
    };
    EXPECT_EQ(registration(ours), "not_permitted");
    ask({{"command", "set_fee"}, {"keys", {key}}, {"fee", {ours}}});
    restart();
    EXPECT_EQ(registration(ours), "signed");
    EXPECT_EQ(registration(lower_case(ours)), "signed");
    EXPECT_EQ(registration("0x" + std::string(40, '1')), "not_permitted");
    ask({{"command", "set_keys"}, {"keys", {key}}, {"on", false}});
    restart();
    EXPECT_EQ(registration("0x" + std::string(40, '1')), "key_disabled");
}

TEST_F(ValidatorSigning, ATokenOfAValidatorHasNoExitNoDepositAndNoOtherKeys) {
    const std::string other = make_key("other");
    token = make_token({"validator"}, access::TheseKeys{{key}});
    look();
    EXPECT_EQ(outcome(key, requests.exit(epoch_now())), "not_permitted");
    EXPECT_EQ(outcome(key, requests.deposit(key)), "not_permitted");
    EXPECT_EQ(outcome(other, vote()), "not_permitted");
    EXPECT_EQ(calls_since(), 1U) << "the token";
    const auto listed = call("GET", "/api/v1/eth2/publicKeys");
    EXPECT_EQ(Json::parse(listed.response.body), Json::array({key}));
}

TEST_F(ValidatorSigning, WhatTheTimeForbidsAsksNobodyAboutTheKey) {
    EXPECT_EQ(outcome(key, vote()), "signed");
    look();
    EXPECT_EQ(outcome(key, requests.attestation(epoch_now(), epoch_now() + 2)), "too_far_ahead");
    EXPECT_EQ(outcome(key, requests.block(slot_now() + 2)), "too_far_ahead");
    EXPECT_EQ(outcome(key, requests.attestation(epoch_now(), epoch_now())), "below_watermark");
    EXPECT_EQ(outcome(key, requests.attestation(epoch_now(), epoch_now() - 1)), "below_watermark");
    EXPECT_EQ(calls_since(), 0U);
}

TEST_F(ValidatorSigning, AnotherNetworkOrTableSignsNothing) {
    Json request = vote();
    request["fork_info"]["genesis_validators_root"] = root_text(1);
    EXPECT_EQ(outcome(key, request), "wrong_network");
    for (const auto& [name, value] : {std::pair("table", "another"), std::pair("root", "0x00")}) {
        Json of_table = item("network");
        const Json right = of_table;
        of_table[name] = {{"S", value}};
        put(of_table);
        restart();
        const Json before = row();
        EXPECT_EQ(outcome(key, vote()), "wrong_network") << name;
        EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "wrong_network");
        EXPECT_EQ(row(), before);
        put(right);
        EXPECT_EQ(outcome(key, vote()), "wrong_network") << "looked at every five seconds";
        world.clock.advance(std::chrono::seconds(5));
        EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    }
}

TEST_F(ValidatorSigning, TheTablesRootIsHexOfAnyForm) {
    Json of_table = item("network");
    const std::string text = of_table["root"]["S"];
    std::string upper = text.substr(2);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    for (const std::string& root : {text.substr(2), upper, "0x" + upper}) {
        of_table["root"] = {{"S", root}};
        put(of_table);
        restart();
        EXPECT_EQ(outcome(key, vote()), "signed") << root;
    }
}

TEST_F(ValidatorSigning, AnAnswerThatIsLostIsAskedForAgainAndHarmless) {
    int lost_answers = 0;
    interrupt = [&](const http::ClientRequest& asked) -> std::optional<http::ResponseOrError> {
        if (operation_of(asked) != "UpdateItem" || lost_answers++ > 0) return std::nullopt;
        static_cast<void>(carry_out(asked));
        return lost(http::TransportFailure::Timeout);
    };
    const Json request = vote();
    EXPECT_TRUE(is_signature(sign(key, request), key, request));
    EXPECT_EQ(lost_answers, 2);
    interrupt = {};
    EXPECT_EQ(outcome(key, vote(2)), "already_signed");
}

TEST_F(ValidatorSigning, ARowThatDoesNotHoldWhatWasWrittenReleasesNothing) {
    for (const auto& [name, value] : std::map<std::string, Json>{{"tgt", {{"N", "1"}}},
                                                                 {"src", {{"N", "1"}}},
                                                                 {"aroot", {{"B", "AAAA"}}},
                                                                 {"on", {{"BOOL", false}}},
                                                                 {"until", {{"N", "1"}}},
                                                                 {"id", {{"S", "0x00"}}}}) {
        interrupt = [&](const http::ClientRequest& asked) -> std::optional<http::ResponseOrError> {
            if (operation_of(asked) != "UpdateItem") return std::nullopt;
            auto answer = carry_out(asked).value();
            Json body = Json::parse(answer.body);
            body["Attributes"][name] = value;
            return aws_answer(200, body, world.clock.wall());
        };
        EXPECT_EQ(outcome(key, vote()), "table_refused") << name;
    }
}

TEST_F(ValidatorSigning, ATableThatRefusesWhatItsRowAllowsIsNotBelieved) {
    interrupt = [&](const http::ClientRequest& asked) -> std::optional<http::ResponseOrError> {
        if (operation_of(asked) != "UpdateItem") return std::nullopt;
        return aws_error(400, std::string(aws::dynamodb::condition_failed), world.clock.wall(),
                         {{"Item", row()}});
    };
    EXPECT_EQ(outcome(key, vote()), "table_refused");
}

TEST_F(ValidatorSigning, TheSecretOfAnotherKeySignsNothing) {
    Json mine = row();
    const std::string other = make_key("other");
    mine["sealed"] = item(other).at("sealed");
    put(mine);
    EXPECT_EQ(outcome(key, vote()), "damaged_key");
    mine.erase("sealed");
    mine.erase("wrap");
    put(mine);
    EXPECT_EQ(outcome(key, block()), "damaged_key");
}

/// Sealed for the key, as an operator's function that is not ours could.
TEST_F(ValidatorSigning, AnotherSecretThatIsSealedForAKeySignsNothing) {
    const auto validator = ethereum_adapters::parse_validator(row()).value();
    const sealed::WrapId& id = validator.sealed->wrap;
    const auto wraps = sealed_adapters::open_wraps(
        {world.dynamodb, table, regions, sealing.wrapping_keys, world.runner},
        ethereum_adapters::wrap_layout, {id}, {}, SteadyTime::max());
    const Bytes another =
        sealed::seal(wraps.at(id.text())->key, id, ethereum_adapters::ethereum_purpose,
                     validator.key.bytes, ByteArray<32>{1, 2, 3});
    Json mine = row();
    mine["sealed"] = {{"B", to_base64(another)}};
    put(mine);
    EXPECT_EQ(outcome(key, vote()), "damaged_key");
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "damaged_key");
}

TEST_F(ValidatorSigning, AKeyThatIsGoneIsForgottenWithItsSecret) {
    const auto name = ethereum::PublicKey::parse(key).value();
    EXPECT_EQ(outcome(key, vote()), "signed");
    const Json mine = row();
    take_away(key);
    EXPECT_EQ(outcome(key, block()), "unknown_key");
    EXPECT_FALSE(environment->cache.is_open(name));
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "unknown_key") << "within the minute";
    put(mine);
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    take_away(key);
    world.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "unknown_key");
    EXPECT_FALSE(environment->cache.is_open(name));
}

TEST_F(ValidatorSigning, ASecretThatIsGoneIsClosed) {
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "signed");
    Json mine = row();
    mine.erase("sealed");
    mine.erase("wrap");
    put(mine);
    world.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(outcome(key, requests.randao(epoch_now())), "damaged_key");
    EXPECT_FALSE(environment->cache.is_open(ethereum::PublicKey::parse(key).value()));
}

TEST_F(ValidatorSigning, AWrapThatStaysClosedIsTriedAgainAfterAPause) {
    kms.troubles[wrapping_arn(1)] = "DisabledException";
    EXPECT_EQ(outcome(key, vote()), "wrap_refused");
    look();
    EXPECT_EQ(outcome(key, vote()), "wrap_refused");
    EXPECT_EQ(calls_since("Decrypt"), 0U);
    kms.troubles.clear();
    world.clock.advance(std::chrono::seconds(5));
    EXPECT_EQ(outcome(key, vote()), "signed") << "the same root as before";
}

TEST_F(ValidatorSigning, AWrapIsTriedAgainAfterAPauseInWhichTheFunctionWasFrozen) {
    kms.troubles[wrapping_arn(1)] = "DisabledException";
    EXPECT_EQ(outcome(key, vote()), "wrap_refused");
    kms.troubles.clear();
    world.clock.freeze(std::chrono::seconds(5));
    EXPECT_EQ(outcome(key, vote()), "signed");
}

TEST_F(ValidatorSigning, TheKeyUsedLeastRecentlyMakesRoomAndSignsAgain) {
    restart(2);
    const std::vector<std::string> keys = {key, make_key("b"), make_key("c")};
    for (const std::string& each : keys) EXPECT_EQ(outcome(each, vote()), "signed");
    EXPECT_EQ(environment->cache.size(), 2U);
    const auto is_open = [&](const std::string& each) {
        return environment->cache.is_open(ethereum::PublicKey::parse(each).value());
    };
    EXPECT_FALSE(is_open(keys[0]));
    EXPECT_TRUE(is_open(keys[1]));
    EXPECT_EQ(outcome(keys[1], block()), "signed");
    const Json request = block();
    EXPECT_TRUE(is_signature(sign(keys[0], request), keys[0], request));
    EXPECT_TRUE(is_open(keys[1]));
    EXPECT_FALSE(is_open(keys[2]));
}

}  // namespace
}  // namespace redoubt::test
