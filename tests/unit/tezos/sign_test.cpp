// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/sign.hpp>

#include <gtest/gtest.h>

#include <fakes/messages.hpp>
#include <fakes/secret_key.hpp>
#include <fakes/world.hpp>

namespace redoubt::test {
namespace {

using tezos::Level;
using tezos::Round;
using tezos::SignatureScheme;

const Error throttled{Code::KmsUnavailable, "throttled", {}};
const Error unreachable{Code::TableUnavailable, "no answer", {}};

/// A world whose three scopes are armed at level 99, each request at level 100.
class Sign : public ::testing::Test {
protected:
    Sign() {
        for (const SecretKey& each : world.signer.keys) {
            for (const Bytes& payload : {block, preattestation, attestation}) {
                world.arm_for(each, payload, Level(99));
            }
        }
    }
    std::string sign(const Bytes& payload) { return signature_in(world.ask_to_sign(key, payload)); }
    std::string code(const Bytes& payload) {
        const auto answered = world.ask_to_sign(key, payload);
        return answered.error ? std::string(name(answered.error->code)) : "signed";
    }

    World world;
    const SecretKey& key = world.key(SignatureScheme::Secp256k1);
    const Bytes block = to_bytes(Block{});
    const Bytes preattestation =
        to_bytes(Vote{.magic = preattestation_magic, .tag = preattestation_tag});
    const Bytes attestation = to_bytes(Vote{});
    const Bytes other_block = to_bytes(Block{.filler = 0x01});
    const Bytes other_attestation = to_bytes(Vote{.filler = 0x01});
};

TEST_F(Sign, VotesAreCommittedAndSignedAtOnce) {
    for (const Bytes& vote : {preattestation, attestation}) {
        world.runner.runs = 0;
        EXPECT_TRUE(is_signature(key, vote, sign(vote)));
        EXPECT_EQ(world.runner.runs, 1);
        EXPECT_EQ(world.runner.most_at_once, 2U);
    }
}

TEST_F(Sign, BlocksAreSignedFirstAndThenCommittedWithTheirSignature) {
    const std::string signature = sign(block);
    EXPECT_TRUE(is_signature(key, block, signature));
    EXPECT_EQ(world.runner.runs, 2);
    EXPECT_EQ(world.runner.most_at_once, 1U);
    EXPECT_EQ(world.store.rows.at(scope_of(key.named().hash, block)).signature, signature);
}

TEST_F(Sign, EveryRequestCostsOneCommitAndOneSignature) {
    for (const Bytes& payload : {block, preattestation, attestation}) {
        const int before = world.calls();
        EXPECT_EQ(code(payload), "signed");
        EXPECT_EQ(world.calls(), before + 2);
        EXPECT_EQ(world.trace.signing.signer.calls, 1);
        EXPECT_EQ(world.trace.signing.table.calls, 1);
        EXPECT_EQ(world.trace.signing.ahead, Milliseconds(0));
    }
}

TEST_F(Sign, OfEqualBlocksAllGetOneSignature) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey& signer = world.key(scheme);
        const std::string first = signature_in(world.ask_to_sign(signer, block));
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ(signature_in(world.ask_to_sign(signer, block)), first);
        }
    }
}

TEST_F(Sign, EqualVotesGetAValidSignatureEachTime) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(is_signature(key, attestation, sign(attestation)));
}

TEST_F(Sign, OtherBytesForACommittedSlotAreRefused) {
    EXPECT_EQ(code(block), "signed");
    EXPECT_EQ(code(other_block), "already_signed");
    EXPECT_EQ(code(attestation), "signed");
    EXPECT_EQ(code(other_attestation), "already_signed");
    const Bytes with_dal = to_bytes(Vote{.tag = attestation_with_dal_tag, .dal = {0x01}});
    EXPECT_EQ(code(with_dal), "already_signed") << "attestations with and without DAL are one kind";
}

TEST_F(Sign, KindsChainsAndKeysHaveTheirOwnWatermarks) {
    EXPECT_EQ(code(block), "signed");
    EXPECT_EQ(code(preattestation), "signed");
    EXPECT_EQ(code(attestation), "signed");
    const Bytes elsewhere = to_bytes(Vote{.level = 7, .chain = {1, 2, 3, 4}});
    EXPECT_EQ(code(elsewhere), "not_armed");
    world.arm_for(key, elsewhere, Level(6));
    EXPECT_EQ(code(elsewhere), "signed");
    EXPECT_EQ(signature_in(world.ask_to_sign(world.key(SignatureScheme::P256), other_attestation))
                  .substr(0, 5),
              "p2sig");
}

TEST_F(Sign, BelowTheWatermarkNothingIsSigned) {
    EXPECT_EQ(code(to_bytes(Vote{.round = 5})), "signed");
    EXPECT_EQ(code(to_bytes(Vote{.round = 4})), "below_watermark");
    EXPECT_EQ(code(to_bytes(Vote{.level = 99, .round = 9})), "below_watermark");
    EXPECT_EQ(code(to_bytes(Vote{.round = 6})), "signed");
}

TEST_F(Sign, TheArmedLevelItselfIsNotSigned) {
    EXPECT_EQ(code(to_bytes(Block{.level = 99})), "below_watermark");
    EXPECT_EQ(code(to_bytes(Block{.level = 99, .round = 0x7fffffff})), "already_signed");
}

TEST_F(Sign, AFailedSignatureReleasesNothingAndBurnsNothing) {
    for (const Bytes& payload : {block, preattestation, attestation}) {
        world.signer.trouble = throttled;
        expect_refusal(world.ask_to_sign(key, payload), 502, "kms_unavailable");
        world.signer.trouble.reset();
        EXPECT_EQ(code(payload), "signed");
    }
}

TEST_F(Sign, ABlockThatWasNotSignedIsNotCommittedEither) {
    world.signer.trouble = throttled;
    expect_refusal(world.ask_to_sign(key, block), 502, "kms_unavailable");
    EXPECT_EQ(world.store.writes_asked, 0);
    world.signer.trouble.reset();
    EXPECT_EQ(code(other_block), "signed");
}

TEST_F(Sign, OtherBytesForACommittedVoteStayRefusedEvenIfNothingWasReleased) {
    world.signer.trouble = throttled;
    expect_refusal(world.ask_to_sign(key, attestation), 502, "kms_unavailable");
    world.signer.trouble.reset();
    EXPECT_EQ(code(other_attestation), "already_signed");
}

TEST_F(Sign, WithoutAConfirmedCommitNothingIsReleased) {
    world.store.trouble = unreachable;
    for (const Bytes& payload : {block, preattestation, attestation}) {
        expect_refusal(world.ask_to_sign(key, payload), 502, "table_unavailable");
    }
    world.store.trouble.reset();
    for (const Bytes& payload : {block, preattestation, attestation}) {
        EXPECT_EQ(code(payload), "signed") << "the same request is safe to repeat";
    }
}

TEST_F(Sign, WhatIsKnownToBeBelowCostsNoCall) {
    world.store.seen_to_be_below = Error{Code::BelowWatermark, "seen", {}};
    expect_refusal(world.ask_to_sign(key, attestation), 409, "below_watermark");
    expect_refusal(world.ask_to_sign(key, block), 409, "below_watermark");
    EXPECT_EQ(world.calls(), 0);
}

TEST_F(Sign, ABlocksRowWithoutItsSignatureIsNeverSignedAgain) {
    EXPECT_EQ(code(block), "signed");
    world.store.rows.at(scope_of(key.named().hash, block)).signature.reset();
    expect_refusal(world.ask_to_sign(key, block), 500, "damaged_row");
    expect_refusal(world.ask_to_sign(key, block), 500, "damaged_row");
}

TEST_F(Sign, ARetryAfterAHigherSlotIsRefused) {
    EXPECT_EQ(code(block), "signed");
    EXPECT_EQ(code(to_bytes(Block{.round = 1})), "signed");
    EXPECT_EQ(code(block), "below_watermark");
}

TEST_F(Sign, ALevelThatTimeDoesNotAllowIsTooFarAhead) {
    const Bytes absurd = to_bytes(Vote{.level = 0x7fffffff});
    expect_refusal(world.ask_to_sign(key, absurd), 409, "too_far_ahead");
    EXPECT_EQ(code(attestation), "signed") << "the absurd request moved nothing";
}

TEST_F(Sign, ExpiredCredentialsAreSaidFirst) {
    world.signer.trouble = Error{Code::CredentialsExpired, "expired", {}};
    expect_refusal(world.ask_to_sign(key, to_bytes(Vote{.level = 98})), 502, "credentials_expired");
    expect_refusal(world.ask_to_sign(key, block), 502, "credentials_expired");
}

TEST_F(Sign, TheLogKnowsWhatWasAsked) {
    EXPECT_EQ(code(to_bytes(Block{.level = 100, .round = 3})), "signed");
    EXPECT_EQ(world.trace.address, key.named().address);
    ASSERT_TRUE(world.trace.signing.message.has_value());
    EXPECT_EQ(world.trace.signing.message->kind, tezos::ConsensusKind::Block);
    EXPECT_EQ(world.trace.signing.message->at, (tezos::Position{Level(100), Round(3)}));
}

}  // namespace
}  // namespace redoubt::test
