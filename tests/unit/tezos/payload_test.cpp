// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/payload.hpp>

#include <gtest/gtest.h>

#include <functional>

#include <fakes/messages.hpp>

namespace redoubt::test {
namespace {

using tezos::ConsensusKind;

Result<tezos::ConsensusMessage> parse_payload(ByteView payload) {
    return tezos::parse_payload(payload, tezos::SignatureScheme::Secp256k1);
}

std::string verdict(ByteView payload) {
    const auto message = parse_payload(payload);
    return message ? "read" : std::string(name(message.error().code));
}

TEST(BlockPayload, HasFourLegalLengths) {
    struct Row {
        std::optional<std::uint32_t> locked_round;
        bool has_seed_nonce_hash;
        std::size_t length;
    };
    for (const Row& row : {Row{std::nullopt, false, 198}, Row{2, false, 202},
                           Row{std::nullopt, true, 230}, Row{2, true, 234}}) {
        const Bytes payload = to_bytes(Block{.level = 7,
                                             .round = 3,
                                             .locked_round = row.locked_round,
                                             .payload_round = 3,
                                             .has_seed_nonce_hash = row.has_seed_nonce_hash});
        EXPECT_EQ(payload.size(), row.length);
        const auto message = parse_payload(payload);
        ASSERT_TRUE(message.has_value()) << message.error().message;
        EXPECT_EQ(message->kind, ConsensusKind::Block);
        EXPECT_EQ(message->chain, tezos::ChainId(mainnet));
        EXPECT_EQ(message->at, (tezos::Position{tezos::Level(7), tezos::Round(3)}));
    }
}

/// One payload, spoilt.
struct Spoilt {
    std::string name;
    std::function<void(Bytes&)> spoil;
};

Spoilt number_at(const std::string& name, std::size_t offset, std::uint32_t value) {
    return {name + " = " + std::to_string(value),
            [=](Bytes& bytes) { overwrite(bytes, offset, value); }};
}

TEST(BlockPayload, EveryLengthFieldMustTellTheTruth) {
    // Without a locked round; offsets as in the table of parse_fitness, from 83 on.
    const Bytes right = to_bytes(Block{.level = 7, .round = 3, .payload_round = 3});
    std::vector<Spoilt> rows;
    const auto lengths = [&](const std::string& name, std::size_t offset,
                             std::initializer_list<std::uint32_t> values) {
        for (const std::uint32_t value : values) rows.push_back(number_at(name, offset, value));
    };
    lengths("fitness length", 83, {0, 29, 32, 34, 36, 37, 38, 41, 0x7fffffff, 0xffffffff});
    lengths("version length", 87, {0, 2, 4, 0x01000000});
    lengths("level length", 92, {0, 3, 5, 0xffffffff});
    lengths("fitness level", 96, {0, 6, 8, 0x80000007});
    lengths("locked round length", 100, {1, 2, 3, 4, 5, 8, 0xffffffff});
    lengths("predecessor round length", 104, {0, 3, 5});
    lengths("predecessor round", 108, {0, 1, 0x7fffffff});
    lengths("round length", 112, {0, 3, 5});
    lengths("round", 116, {0x80000000, 0xffffffff, 2});
    lengths("payload round", 184, {4, 0x7fffffff, 0x80000000, 0xffffffff});
    lengths("level", 5, {6, 8, 0x80000000, 0xffffffff});
    rows.push_back({"version", [](Bytes& bytes) { bytes[91] = 1; }});
    rows.push_back({"seed mark", [](Bytes& bytes) { bytes[196] = 1; }});
    rows.push_back({"seed mark without a seed", [](Bytes& bytes) { bytes[196] = 0xff; }});
    for (const Spoilt& row : rows) {
        Bytes payload = right;
        row.spoil(payload);
        EXPECT_EQ(verdict(payload), "bad_payload") << row.name;
    }
    EXPECT_EQ(verdict(right), "read");
}

TEST(BlockPayload, LockedRoundIsBelowTheRound) {
    for (const std::uint32_t locked : {0U, 1U, 2U}) {
        EXPECT_EQ(verdict(to_bytes(Block{.round = 3, .locked_round = locked})), "read");
    }
    for (const std::uint32_t locked : {3U, 4U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
        EXPECT_EQ(verdict(to_bytes(Block{.round = 3, .locked_round = locked})), "bad_payload");
    }
    EXPECT_EQ(verdict(to_bytes(Block{.round = 0, .locked_round = 0})), "bad_payload");
}

TEST(BlockPayload, LockedFormHasItsOwnLengths) {
    const Bytes right = to_bytes(Block{.round = 3, .locked_round = 1});
    for (const auto& row :
         {number_at("fitness length", 83, 33), number_at("locked round length", 100, 0),
          number_at("locked round length", 100, 3), number_at("locked round length", 100, 5),
          number_at("predecessor round length", 108, 5), number_at("predecessor round", 112, 0),
          number_at("round length", 116, 0)}) {
        Bytes payload = right;
        row.spoil(payload);
        EXPECT_EQ(verdict(payload), "bad_payload") << row.name;
    }
}

TEST(BlockPayload, OpaqueFieldsMayHoldAnything) {
    for (const std::size_t offset : {9U, 10U, 41U, 42U, 50U, 51U, 82U, 120U, 183U, 188U, 197U}) {
        Bytes payload = to_bytes(Block{});
        payload[offset] = 0xfe;
        EXPECT_EQ(verdict(payload), "read") << offset;
    }
}

TEST(Payload, EveryOtherLengthIsRefused) {
    for (const Bytes& right :
         {to_bytes(Block{}), to_bytes(Block{.round = 3, .locked_round = 1}),
          to_bytes(Block{.has_seed_nonce_hash = true}), to_bytes(Vote{}),
          to_bytes(Vote{.magic = preattestation_magic, .tag = preattestation_tag}),
          to_bytes(Vote{.tag = attestation_with_dal_tag, .dal = {0x00}})}) {
        ASSERT_EQ(verdict(right), "read");
        for (std::size_t size = 0; size < right.size(); ++size) {
            EXPECT_EQ(verdict(ByteView(right).first(size)), "bad_payload") << size;
        }
        for (const std::size_t more : {1U, 2U, 4U, 32U, 64U, 96U, 1000U}) {
            Bytes longer = right;
            longer.insert(longer.end(), more, 0x00);
            EXPECT_EQ(verdict(longer), "bad_payload") << more;
        }
    }
}

TEST(Payload, OtherMagicBytesAreNotAllowed) {
    for (const Bytes& right : {to_bytes(Block{}), to_bytes(Vote{})}) {
        for (unsigned magic = 0; magic < 256; ++magic) {
            if (magic >= 0x11 && magic <= 0x13) continue;
            Bytes payload = right;
            payload[0] = static_cast<Byte>(magic);
            EXPECT_EQ(verdict(payload), "kind_not_allowed") << magic;
            EXPECT_EQ(verdict(ByteView(payload).first(1)), "kind_not_allowed") << magic;
        }
    }
}

TEST(VotePayload, TagsGoWithTheirMagicByte) {
    for (unsigned tag = 0; tag < 256; ++tag) {
        const auto of = [&](Byte magic) {
            return verdict(to_bytes(Vote{.magic = magic, .tag = static_cast<Byte>(tag)}));
        };
        const bool of_tz4 = tag == 40 || tag == 41;
        const std::string otherwise = of_tz4 ? "kind_not_allowed" : "bad_payload";
        EXPECT_EQ(of(preattestation_magic), tag == 20 ? "read" : otherwise) << tag;
        // Tag 23 without DAL content is short by one.
        EXPECT_EQ(of(0x13), tag == 21 ? "read" : otherwise) << tag;
    }
}

TEST(VotePayload, BothAttestationTagsAreOneKind) {
    const auto plain = parse_payload(to_bytes(Vote{}));
    const auto with_dal =
        parse_payload(to_bytes(Vote{.tag = attestation_with_dal_tag, .dal = {1}}));
    ASSERT_TRUE(plain && with_dal);
    EXPECT_EQ(plain->kind, ConsensusKind::Attestation);
    EXPECT_EQ(with_dal->kind, ConsensusKind::Attestation);
}

TEST(VotePayload, LevelAndRoundAreReadWhereTheyStand) {
    const auto message = parse_payload(to_bytes(Vote{.magic = preattestation_magic,
                                                     .tag = preattestation_tag,
                                                     .level = 0x01020304,
                                                     .round = 0x05060708}));
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->kind, ConsensusKind::Preattestation);
    EXPECT_EQ(message->at, (tezos::Position{tezos::Level(0x01020304), tezos::Round(0x05060708)}));
}

TEST(VotePayload, LevelAndRoundAreBelowTwoToThe31) {
    for (const std::uint32_t value : {0x80000000U, 0x80000001U, 0xffffffffU}) {
        EXPECT_EQ(verdict(to_bytes(Vote{.level = value})), "bad_payload");
        EXPECT_EQ(verdict(to_bytes(Vote{.round = value})), "bad_payload");
    }
    EXPECT_EQ(verdict(to_bytes(Vote{.level = 0x7fffffff, .round = 0x7fffffff})), "read");
    EXPECT_EQ(verdict(to_bytes(Vote{.level = 0, .round = 0})), "read");
}

std::string dal_verdict(const Bytes& dal) {
    return verdict(to_bytes(Vote{.tag = attestation_with_dal_tag, .dal = dal}));
}

Bytes dal_of(std::size_t size, Byte last) {
    Bytes dal(size, 0xbf);  // continued, no sign
    dal.back() = last;
    return dal;
}

TEST(DalContent, IsOneNonNegativeIntegerInItsShortestForm) {
    struct Row {
        std::string name;
        Bytes dal;
        std::string verdict;
    };
    for (const Row& row : {
             Row{"none", {}, "bad_payload"},
             Row{"zero", {0x00}, "read"},
             Row{"largest of one byte", {0x3f}, "read"},
             Row{"negative", {0x41}, "bad_payload"},
             Row{"minus zero", {0x40}, "bad_payload"},
             Row{"one byte that promises more", {0x80}, "bad_payload"},
             Row{"two bytes", {0x80, 0x01}, "read"},
             Row{"zero in two bytes", {0x80, 0x00}, "bad_payload"},
             Row{"padded", {0x81, 0x80, 0x00}, "bad_payload"},
             Row{"negative in two bytes", {0xc0, 0x01}, "bad_payload"},
             Row{"second byte has no sign", {0x80, 0x40}, "read"},
             Row{"ends early", {0x01, 0x01}, "bad_payload"},
             Row{"ends early, continued later", {0x81, 0x01, 0x01}, "bad_payload"},
             Row{"last byte promises more", {0x81, 0x81}, "bad_payload"},
             Row{"longest", dal_of(tezos::max_dal_bytes, 0x01), "read"},
             Row{"one longer", dal_of(tezos::max_dal_bytes + 1, 0x01), "bad_payload"},
         }) {
        EXPECT_EQ(dal_verdict(row.dal), row.verdict) << row.name;
    }
}

TEST(DalContent, OnlyAttestationsWithTag23HaveIt) {
    EXPECT_EQ(verdict(to_bytes(Vote{.dal = {0x00}})), "bad_payload");
    EXPECT_EQ(verdict(to_bytes(
                  Vote{.magic = preattestation_magic, .tag = preattestation_tag, .dal = {0x00}})),
              "bad_payload");
    EXPECT_EQ(verdict(to_bytes(Vote{.magic = preattestation_magic, .tag = 23, .dal = {0x00}})),
              "bad_payload");
}

}  // namespace
}  // namespace redoubt::test
