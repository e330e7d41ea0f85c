// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/sealed_keys.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

#include <fakes/aws_answer.hpp>
#include <fakes/sealed_world.hpp>

namespace redoubt::test {
namespace {

const SteadyTime never = SteadyTime::max();

/// The code of what `prepare` refuses with; empty if the key is open.
std::string prepared(tezos_adapters::SealedKeys& keys, const tezos::KeyInfo& key) {
    const auto error = keys.prepare(key, never);
    return error ? std::string(name(error->code)) : "";
}

TEST(SealedKeys, OpenByOneReadAndOneRoundOfKms) {
    SealedWorld world(3);
    world.add_keys({5, 6}, 2);
    auto keys = world.sealed_keys();
    keys.open(never);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto secret = keys.find(world.keys[i]);
        ASSERT_TRUE(secret);
        EXPECT_EQ((*secret)->public_key(), world.keys[i].public_key);
        EXPECT_EQ(prepared(keys, world.keys[i]), "");
    }
    EXPECT_EQ(world.reads, 1);
    EXPECT_EQ(world.kms.calls["Decrypt"], 3);
    ASSERT_EQ(world.openings.size(), 1U);
    EXPECT_EQ(world.openings[0].opened.size(), 2U);
    EXPECT_TRUE(world.openings[0].closed.empty());
}

/// Keys that were brought in, or sealed anew; and one that is served without the key that its wrap
/// is named after.
TEST(SealedKeys, OpenByTwoReadsUnderAWrapOfAnotherName) {
    SealedWorld world;
    world.add_key(5);
    world.names_wraps_by_keys = false;
    world.add_key(6);
    world.names_wraps_by_keys = true;
    world.add_keys({7, 8});
    world.keys.erase(world.keys.begin() + 2);
    auto keys = world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(world.openings[0].opened.size(), 3U);
    EXPECT_EQ(world.reads, 2);
    EXPECT_EQ(world.kms.calls["Decrypt"], 3);
}

TEST(SealedKeys, AWrapThatCouldNotBeReadHoldsUpNoOther) {
    SealedWorld world;
    const tezos::KeyInfo one = world.add_key(5);
    world.names_wraps_by_keys = false;
    const tezos::KeyInfo other = world.add_key(6);
    world.world.runner.follow([&](const http::ClientRequest& call) {
        if (world.reads == 1) world.table_trouble = "AccessDeniedException";
        return world.answer(call);
    });
    auto keys = world.sealed_keys();
    keys.open(never);
    ASSERT_EQ(world.openings.size(), 1U);
    EXPECT_EQ(world.openings[0].opened, std::vector<std::string>{one.address});
    ASSERT_EQ(world.openings[0].closed.size(), 1U);
    EXPECT_EQ(world.openings[0].closed[0].first, other.address);
    EXPECT_EQ(world.openings[0].closed[0].second.code, Code::WrapRefused);
}

TEST(SealedKeys, AreReadConsistently) {
    SealedWorld world;
    world.add_key(5);
    auto keys = world.sealed_keys();
    keys.open(never);
    for (const auto& made : world.world.runner.calls) {
        const Json body = body_of(made.call);
        if (!body.contains("RequestItems")) continue;
        EXPECT_EQ(body.at("RequestItems").at(world.table).at("ConsistentRead"), true);
    }
}

TEST(SealedKeys, ClosedOnesTellWhyWithoutACall) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    auto keys = world.sealed_keys();
    const auto secret = keys.find(key);
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, Code::WrapUnavailable);
    EXPECT_EQ(world.reads, 0);
}

TEST(SealedKeys, WhatPassesIsTriedByTheNextWhoNeedsTheKey) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    auto keys = world.sealed_keys();
    world.kms.troubles[world.wrapping_keys[0].text] = "KMSInternalException";
    keys.open(never);
    EXPECT_EQ(prepared(keys, key), "wrap_unavailable");
    world.table_trouble = "ThrottlingException";
    EXPECT_EQ(prepared(keys, key), "wrap_unavailable");
    world.table_trouble.clear();
    world.kms.troubles.clear();
    EXPECT_EQ(prepared(keys, key), "");
}

TEST(SealedKeys, WhatStaysIsTriedAfterAPause) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    auto keys = world.sealed_keys();
    world.kms.troubles[world.wrapping_keys[0].text] = "DisabledException";
    keys.open(never);
    const int reads = world.reads;
    EXPECT_EQ(prepared(keys, key), "wrap_refused");
    world.kms.troubles.clear();  // switched on again
    world.world.clock.advance(tezos_adapters::SealedKeys::pause_after_refusal - Milliseconds(1));
    EXPECT_EQ(prepared(keys, key), "wrap_refused");
    EXPECT_EQ(world.reads, reads);
    world.world.clock.advance(Milliseconds(1));
    EXPECT_EQ(prepared(keys, key), "");
}

/// While a function is frozen, either clock may stand still.
TEST(SealedKeys, APauseIsOverByTheClockThatWentFurther) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    auto keys = world.sealed_keys();
    world.kms.troubles[world.wrapping_keys[0].text] = "DisabledException";
    keys.open(never);
    world.kms.troubles.clear();
    world.world.clock.freeze(tezos_adapters::SealedKeys::pause_after_refusal);
    EXPECT_EQ(prepared(keys, key), "");
}

TEST(SealedKeys, OneThatStaysClosedHoldsUpNoOther) {
    SealedWorld world;
    const tezos::KeyInfo damaged = world.add_key(5);
    const tezos::KeyInfo sound = world.add_key(6);
    world.item_of(damaged).erase("sealed");
    auto keys = world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(prepared(keys, damaged), "damaged_key");
    EXPECT_EQ(prepared(keys, sound), "");
    ASSERT_EQ(world.openings[0].closed.size(), 1U);
    EXPECT_EQ(world.openings[0].closed[0].first, damaged.address);
}

TEST(SealedKeys, AWrongShareIsNamedAndNotNeeded) {
    SealedWorld world(3);
    const tezos::KeyInfo key = world.add_key(5, 2);
    Json& shares = world.wrap_of(key).at("shares").at("L");
    const Json other = shares[1].at("M").at("share");
    shares[1].at("M").at("share") = shares[0].at("M").at("share");
    auto keys = world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(prepared(keys, key), "");  // of the other two
    shares[2].at("M").at("share") = other;
    auto fewer = world.sealed_keys();
    fewer.open(never);
    EXPECT_EQ(prepared(fewer, key), "wrap_refused");
}

/// A bit that flipped where KMS or its answer was in memory must not cost a vote.
TEST(SealedKeys, OneFalseAnswerOfKmsCostsNothing) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    world.kms.false_answers = 1;
    auto keys = world.sealed_keys();
    EXPECT_EQ(prepared(keys, key), "");
    EXPECT_EQ(world.kms.calls["Decrypt"], 2);
    world.kms.false_answers = 2;
    auto other = world.sealed_keys();
    EXPECT_EQ(prepared(other, key), "wrap_refused");
    EXPECT_EQ(world.kms.calls["Decrypt"], 4) << "no more than once again";
}

/// Each share of such an item would be a call.
TEST(SealedKeys, AWrapThatWasAlteredAsksNoKmsKey) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    Json& shares = world.wrap_of(key).at("shares").at("L");
    const Json share = shares[0];
    for (int i = 0; i < 500; ++i) shares.push_back(share);
    auto keys = world.sealed_keys();
    EXPECT_EQ(prepared(keys, key), "wrap_refused");
    EXPECT_EQ(world.kms.calls["Decrypt"], 0);
}

/// The wrap opens, and yet one more loss would close it: whoever watches has to hear of it.
TEST(SealedKeys, KmsKeysThatGiveNoShareAreNamedThoughTheWrapOpened) {
    SealedWorld world(3);
    const tezos::KeyInfo key = world.add_key(5, 2);
    world.kms.troubles[world.wrapping_keys[1].text] = "DisabledException";
    auto keys = world.sealed_keys();
    EXPECT_EQ(prepared(keys, key), "");
    const auto& missing = world.openings.back().missing_shares;
    ASSERT_EQ(missing.size(), 1U);
    EXPECT_EQ(missing[0].key, world.wrapping_keys[1].text);
    EXPECT_EQ(missing[0].why.code, Code::KmsRefused);
}

/// A world of three KMS keys of which two open, and the last one answers nothing so many times:
/// each costs as long as a call may take.
struct Silence {
    explicit Silence(int times, Milliseconds time_of_a_call) {
        world.add_key(5, 2);
        world.world.runner.follow([this, times, time_of_a_call](
                                      const http::ClientRequest& call) -> http::ResponseOrError {
            const bool is_it = call.body.contains(world.wrapping_keys[2].text) &&
                               header_of(call, "X-Amz-Target").ends_with("Decrypt");
            if (!is_it || ++asked > times) return world.answer(call);
            world.world.clock.advance(time_of_a_call);
            return lost(http::TransportFailure::Timeout);
        });
    }
    SealedWorld world{3};
    int asked = 0;
};

TEST(SealedKeys, ASilentRegionIsNotAskedAgainOnceEnoughSharesCame) {
    Silence silence(3, Milliseconds(1000));
    auto keys = silence.world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(prepared(keys, silence.world.keys[0]), "");
    EXPECT_EQ(silence.asked, 1);
    const auto& missing = silence.world.openings.back().missing_shares;
    ASSERT_EQ(missing.size(), 1U);
    EXPECT_EQ(missing[0].key, silence.world.wrapping_keys[2].text);
    EXPECT_EQ(missing[0].why.code, Code::KmsUnavailable);
    EXPECT_TRUE(missing[0].why.message.contains("500 ms after")) << missing[0].why.message;
}

TEST(SealedKeys, AShareThatIsSomewhatLateIsNotMissing) {
    Silence silence(1, Milliseconds(400));
    auto keys = silence.world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(silence.asked, 2);
    EXPECT_TRUE(silence.world.openings.back().missing_shares.empty());
}

/// For as long as it takes, while too few others came.
TEST(SealedKeys, AShareThatIsNeededIsAskedForAgain) {
    Silence silence(1, Milliseconds(1000));
    Json& shares = silence.world.wrap_of(silence.world.keys[0]).at("shares").at("L");
    shares[0].at("M").at("share") = shares[1].at("M").at("share");
    auto keys = silence.world.sealed_keys();
    EXPECT_EQ(prepared(keys, silence.world.keys[0]), "");
    EXPECT_EQ(silence.asked, 2);
}

TEST(SealedKeys, KmsIsExpectedBeforeTheTableIsRead) {
    SealedWorld world(3);
    const tezos::KeyInfo key = world.add_key(5, 2);
    const int runs = world.world.runner.runs;
    auto keys = world.sealed_keys();
    EXPECT_EQ(prepared(keys, key), "");
    ASSERT_FALSE(world.world.runner.expected.empty());
    const auto& [peers, after_runs] = world.world.runner.expected.front();
    EXPECT_EQ(peers, std::vector<std::string>(3, world.world.kms.endpoint().origin));
    EXPECT_EQ(after_runs, runs);
}

TEST(SealedKeys, NoKeyOfKmsIsAskedThatIsNotListed) {
    SealedWorld world(2);
    const tezos::KeyInfo key = world.add_key(5, 1);
    const std::string dropped = world.wrapping_keys[0].text;
    world.wrapping_keys.erase(world.wrapping_keys.begin());
    auto keys = world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(prepared(keys, key), "");
    for (const auto& made : world.world.runner.calls) {
        const Json body = body_of(made.call);
        if (!body.contains("CiphertextBlob")) continue;
        EXPECT_NE(body.at("KeyId"), dropped);
    }
}

TEST(SealedKeys, AnotherPurposeIsRefused) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    world.wrap_of(key).at("purpose").at("S") = "ethereum-validator";
    auto keys = world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(prepared(keys, key), "wrap_refused");
    EXPECT_EQ(world.kms.calls["Decrypt"], 0);
}

/// What an item may be, and what the key then answers.
struct Spoilt {
    const char* what;
    void (*spoil)(SealedWorld& world, const tezos::KeyInfo& key);
    const char* code;
};
const Spoilt spoilt[] = {
    {"no item", [](auto& world, const auto& key) { world.item_of(key).at("pkh").at("S") = "tz4"; },
     "damaged_key"},
    {"no wrap's id", [](auto& world, const auto& key) { world.item_of(key).erase("wrap"); },
     "damaged_key"},
    {"no time", [](auto& world, const auto& key) { world.item_of(key).erase("made"); },
     "damaged_key"},
    {"a backup of another type",
     [](auto& world, const auto& key) { world.item_of(key)["backup"] = {{"N", "1"}}; },
     "damaged_key"},
    {"another public key",
     [](auto& world, const auto& key) {
         world.item_of(key).at("public_key").at("S") = tezos::to_text(bls_secret(77).public_key());
     },
     "damaged_key"},
    {"a wrap that is gone",
     [](auto& world, const auto& key) { world.wrap_of(key).at("scope").at("S") = "gone"; },
     "wrap_refused"},
    {"a check of another size",
     [](auto& world, const auto& key) { world.wrap_of(key).at("check").at("B") = "AAAA"; },
     "wrap_refused"},
    {"another check",
     [](auto& world, const auto& key) {
         world.wrap_of(key).at("check").at("B") = to_base64(ByteArray<32>{1});
     },
     "wrap_refused"},
    {"no shares", [](auto& world, const auto& key) { world.wrap_of(key).erase("shares"); },
     "wrap_refused"},
    {"a threshold of none",
     [](auto& world, const auto& key) { world.wrap_of(key).at("threshold").at("N") = "0"; },
     "wrap_refused"},
    {"a threshold above the shares",
     [](auto& world, const auto& key) { world.wrap_of(key).at("threshold").at("N") = "2"; },
     "wrap_refused"},
    {"a share of x 0",
     [](auto& world, const auto& key) {
         world.wrap_of(key).at("shares").at("L")[0].at("M").at("x").at("N") = "0";
     },
     "wrap_refused"},
    {"another x",
     [](auto& world, const auto& key) {
         world.wrap_of(key).at("shares").at("L")[0].at("M").at("x").at("N") = "2";
     },
     "wrap_refused"},
};

TEST(SealedKeys, SpoiltItemsAreRefusedByName) {
    for (const Spoilt& one : spoilt) {
        SealedWorld world;
        const tezos::KeyInfo key = world.add_key(5);
        one.spoil(world, key);
        auto keys = world.sealed_keys();
        keys.open(never);
        EXPECT_EQ(prepared(keys, key), one.code) << one.what;
    }
}

TEST(SealedKeys, TheItemOfAnotherKeyOpensNone) {
    SealedWorld world;
    world.add_keys({5, 6});
    const Json other = world.item_of(world.keys[1]).at("sealed");
    world.item_of(world.keys[0]).at("sealed") = other;
    auto keys = world.sealed_keys();
    keys.open(never);
    EXPECT_EQ(prepared(keys, world.keys[0]), "damaged_key");
    EXPECT_EQ(prepared(keys, world.keys[1]), "");
}

TEST(SealedKeys, ExpiredCredentialsAreToldAsSuch) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    auto keys = world.sealed_keys();
    world.table_trouble = "ExpiredTokenException";
    keys.open(never);
    EXPECT_EQ(prepared(keys, key), "credentials_expired");
}

TEST(SealedKeys, ExpiredCredentialsForOneShareCostNothingIfTheOthersAreEnough) {
    SealedWorld world(3);
    const tezos::KeyInfo key = world.add_key(5, 2);
    world.kms.troubles[world.wrapping_keys[0].text] = "ExpiredTokenException";
    auto keys = world.sealed_keys();
    EXPECT_EQ(prepared(keys, key), "");
    world.kms.troubles[world.wrapping_keys[1].text] = "DisabledException";
    auto fewer = world.sealed_keys();
    EXPECT_EQ(prepared(fewer, key), "credentials_expired");
}

TEST(SealedKeys, ARefusingTableIsNotTakenForAPassingOne) {
    SealedWorld world;
    const tezos::KeyInfo key = world.add_key(5);
    auto keys = world.sealed_keys();
    world.table_trouble = "AccessDeniedException";
    keys.open(never);
    EXPECT_EQ(prepared(keys, key), "wrap_refused");
}

}  // namespace
}  // namespace redoubt::test
