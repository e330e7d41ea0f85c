// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/payload.hpp>

#include <gtest/gtest.h>

#include <fakes/messages.hpp>

namespace redoubt::test {
namespace {

using tezos::SignatureScheme;

const Vote tz4_preattestation = of_tz4({.magic = preattestation_magic});
const Vote tz4_attestation = of_tz4({});

Result<tezos::ConsensusMessage> parse_for_tz4(ByteView payload) {
    return tezos::parse_payload(payload, SignatureScheme::Bls12381);
}

std::string verdict_for_tz4(ByteView payload) {
    const auto message = parse_for_tz4(payload);
    return message ? "read" : std::string(name(message.error().code));
}

TEST(Tz4Payload, VotesAreReadTwoBytesEarlier) {
    for (const auto& [vote, kind] :
         {std::pair(tz4_preattestation, tezos::ConsensusKind::Preattestation),
          std::pair(tz4_attestation, tezos::ConsensusKind::Attestation)}) {
        Vote placed = vote;
        placed.level = 0x01020304;
        placed.round = 0x05060708;
        const Bytes payload = to_bytes(placed);
        EXPECT_EQ(payload.size(), 78U);
        const auto message = parse_for_tz4(payload);
        ASSERT_TRUE(message.has_value()) << message.error().message;
        EXPECT_EQ(message->kind, kind);
        EXPECT_EQ(message->chain, tezos::ChainId(mainnet));
        EXPECT_EQ(message->at,
                  (tezos::Position{tezos::Level(0x01020304), tezos::Round(0x05060708)}));
    }
}

TEST(Tz4Payload, BlocksAreThoseOfTheOthers) {
    for (const Bytes& block : {to_bytes(Block{}), to_bytes(Block{.has_seed_nonce_hash = true}),
                               to_bytes(Block{.round = 3, .locked_round = 1})}) {
        const auto message = parse_for_tz4(block);
        const auto of_tz2 = tezos::parse_payload(block, SignatureScheme::Secp256k1);
        ASSERT_TRUE(message && of_tz2);
        EXPECT_EQ(message->kind, tezos::ConsensusKind::Block);
        EXPECT_EQ(message->at, of_tz2->at);
    }
}

TEST(Tz4Payload, HasNoOtherLength) {
    for (const Vote& vote : {tz4_preattestation, tz4_attestation}) {
        const Bytes right = to_bytes(vote);
        ASSERT_EQ(verdict_for_tz4(right), "read");
        for (std::size_t size = 0; size < right.size(); ++size) {
            EXPECT_EQ(verdict_for_tz4(ByteView(right).first(size)), "bad_payload") << size;
        }
        for (const std::size_t more : {1U, 2U, 4U, 64U, 96U, 1000U}) {
            Bytes longer = right;
            longer.insert(longer.end(), more, 0x00);
            EXPECT_EQ(verdict_for_tz4(longer), "bad_payload") << "as DAL content would be " << more;
        }
    }
}

TEST(Tz4Payload, TagsGoWithTheirMagicByteAndWithTheKey) {
    for (unsigned tag = 0; tag < 256; ++tag) {
        const bool of_others = tag == 20 || tag == 21 || tag == 23;
        const std::string otherwise = of_others ? "kind_not_allowed" : "bad_payload";
        for (const auto& [vote, right] :
             {std::pair(tz4_preattestation, 40U), std::pair(tz4_attestation, 41U)}) {
            Vote tagged = vote;
            tagged.tag = static_cast<Byte>(tag);
            EXPECT_EQ(verdict_for_tz4(to_bytes(tagged)), tag == right ? "read" : otherwise) << tag;
        }
    }
}

TEST(Tz4Payload, LayoutsOfOneKeyAreRefusedForTheOther) {
    const Bytes with_dal = to_bytes(Vote{.tag = attestation_with_dal_tag, .dal = {0x00}});
    for (const Bytes& slotted :
         {to_bytes(Vote{}), with_dal,
          to_bytes(Vote{.magic = preattestation_magic, .tag = preattestation_tag})}) {
        EXPECT_EQ(verdict_for_tz4(slotted), "kind_not_allowed");
    }
    for (const SignatureScheme scheme :
         {SignatureScheme::Ed25519, SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        for (const Vote& vote : {tz4_preattestation, tz4_attestation}) {
            const auto message = tezos::parse_payload(to_bytes(vote), scheme);
            ASSERT_FALSE(message.has_value());
            EXPECT_EQ(message.error().code, Code::KindNotAllowed);
        }
    }
    // A tz4 tag before a slot, and no slot behind another tag.
    Vote slotted = tz4_attestation, slotless = tz4_attestation;
    slotted.has_slot = true;
    slotless.tag = 21;
    EXPECT_EQ(verdict_for_tz4(to_bytes(slotted)), "bad_payload");
    EXPECT_FALSE(tezos::parse_payload(to_bytes(slotless), SignatureScheme::P256).has_value());
}

TEST(Tz4Payload, LevelAndRoundAreBelowTwoToThe31) {
    Vote vote = tz4_attestation;
    for (const std::uint32_t value : {0x80000000U, 0xffffffffU}) {
        vote.level = value;
        vote.round = 0;
        EXPECT_EQ(verdict_for_tz4(to_bytes(vote)), "bad_payload");
        vote.level = 0;
        vote.round = value;
        EXPECT_EQ(verdict_for_tz4(to_bytes(vote)), "bad_payload");
    }
    vote.level = vote.round = 0x7fffffff;
    EXPECT_EQ(verdict_for_tz4(to_bytes(vote)), "read");
}

}  // namespace
}  // namespace redoubt::test
