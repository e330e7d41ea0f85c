// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/slashing.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/json.hpp>

#include "../vectors/ethereum_vectors.hpp"

namespace redoubt::ethereum {
namespace {

Epoch epoch_in(const Json& of, const char* name) {
    return Epoch(parse_number(of.at(name).get<std::string>()).value());
}
Slot slot_in(const Json& of, const char* name) {
    return Slot(parse_number(of.at(name).get<std::string>()).value());
}
std::optional<Root> root_in(const Json& of, const char* name) {
    if (of.at(name).is_null()) return std::nullopt;
    return parse_prefixed_hex<32>(of.at(name).get<std::string>()).value();
}

/// As the vectors have it.
Json to_json(const ValidatorRow& row, bool is_block) {
    const auto root = is_block ? row.block_root : row.attestation_root;
    Json out = {{"root", root ? Json(prefixed_hex(*root)) : Json()}};
    if (is_block) {
        out["slot"] = std::to_string(row.slot.value());
    } else {
        out["source"] = std::to_string(row.source.value());
        out["target"] = std::to_string(row.target.value());
    }
    return out;
}

ValidatorRow row_of(const Json& given, bool is_block) {
    ValidatorRow row;
    row.is_on = true;
    if (is_block) {
        row.slot = slot_in(given, "slot");
        row.block_root = root_in(given, "root");
    } else {
        row.source = epoch_in(given, "source");
        row.target = epoch_in(given, "target");
        row.attestation_root = root_in(given, "root");
    }
    return row;
}

Proposal proposal_of(const Json& step, bool is_block) {
    const Root root = root_in(step, "signing_root").value();
    if (is_block) return {{}, BlockDuty{slot_in(step, "slot")}, root, {}, {}};
    const AttestationDuty duty{{}, epoch_in(step, "source_epoch"), epoch_in(step, "target_epoch")};
    return {{}, duty, root, duty.target, {}};
}

void write(ValidatorRow& row, const Proposal& proposal) {
    if (const auto* block = std::get_if<BlockDuty>(&proposal.duty)) {
        row.slot = block->slot;
        row.block_root = proposal.root;
        return;
    }
    const auto& vote = std::get<AttestationDuty>(proposal.duty);
    row.source = vote.source;
    row.target = vote.target;
    row.attestation_root = proposal.root;
}

std::string decide(std::optional<ValidatorRow>& row, const Proposal& proposal) {
    const auto* vote = std::get_if<AttestationDuty>(&proposal.duty);
    if (!row || (vote != nullptr && refuse_backwards(*vote))) return "refuse";
    if (compare(proposal, *row) != RowComparison::Allowed) return "refuse";
    if (holds(*row, proposal)) return "resign";
    write(*row, proposal);
    return "sign";
}

TEST(MinimalRule, DecidesAsTheVectorsSay) {
    std::size_t steps = 0;
    for (const Json& sequence : test::ethereum_vectors("minimal-rule").at("sequences")) {
        const bool is_block = sequence.at("kind") == "block";
        std::optional<ValidatorRow> row;
        if (!sequence.at("row").is_null()) row = row_of(sequence.at("row"), is_block);
        for (const Json& step : sequence.at("steps")) {
            EXPECT_EQ(step.at("decision"), decide(row, proposal_of(step, is_block))) << step;
            EXPECT_EQ(row ? to_json(*row, is_block) : Json(), step.at("row_after")) << step;
            ++steps;
        }
    }
    EXPECT_EQ(steps, 826U);
}

/// A row at source 10, target 11 and slot 352, and what is asked of it.
class Slashing : public ::testing::Test {
protected:
    [[nodiscard]] std::string vote(std::uint64_t source, std::uint64_t target,
                                   const Root& root = {1}) const {
        return told(
            {{}, AttestationDuty{{}, Epoch(source), Epoch(target)}, root, Epoch(target), tags});
    }
    [[nodiscard]] std::string block(std::uint64_t slot, const Root& root = {1}) const {
        return told({{}, BlockDuty{Slot(slot)}, root, Epoch(slot / 32), tags});
    }
    [[nodiscard]] std::string told(const Proposal& proposal) const {
        const RowComparison comparison = compare(proposal, row);
        if (comparison == RowComparison::Allowed) return "allowed";
        return std::string(name(refusal(comparison, proposal, row).code));
    }

    ValidatorRow row{.is_on = true,
                     .source = Epoch(10),
                     .target = Epoch(11),
                     .slot = Slot(352),
                     .attestation_root = Root{1},
                     .block_root = Root{1}};
    access::TagCondition tags;
};

TEST_F(Slashing, NamesWhatIsAgainstIt) {
    EXPECT_EQ(vote(10, 12), "allowed");
    EXPECT_EQ(vote(10, 11), "allowed") << "just that";
    EXPECT_EQ(vote(10, 11, {2}), "already_signed");
    EXPECT_EQ(vote(11, 11), "already_signed") << "another source is another vote";
    EXPECT_EQ(vote(9, 12), "below_watermark") << "it would surround";
    EXPECT_EQ(vote(10, 10), "below_watermark");
    EXPECT_EQ(block(353), "allowed");
    EXPECT_EQ(block(352), "allowed");
    EXPECT_EQ(block(352, {2}), "already_signed");
    EXPECT_EQ(block(351), "below_watermark");
    row.attestation_root.reset();
    row.block_root.reset();
    EXPECT_EQ(vote(10, 11), "already_signed") << "what was signed there is not known";
    EXPECT_EQ(block(352), "already_signed");
}

TEST_F(Slashing, WhatIsOffOrOverRefusesAllEvenWhatItHolds) {
    row.until = Epoch(12);
    EXPECT_EQ(vote(10, 11), "allowed");
    EXPECT_EQ(vote(10, 12), "past_until");
    EXPECT_EQ(block(12 * 32 - 1), "allowed");
    EXPECT_EQ(block(12 * 32), "past_until");
    row.until = Epoch(0);
    EXPECT_EQ(vote(10, 11), "past_until");
    row.is_on = false;
    EXPECT_EQ(vote(10, 11), "key_disabled");
    EXPECT_EQ(block(353), "key_disabled");
    tags.any_of = {"a"};
    EXPECT_EQ(vote(10, 11), "not_permitted") << "others are not told of a key";
    row.tags = {"a", "b"};
    EXPECT_EQ(vote(10, 11), "key_disabled");
}

TEST_F(Slashing, ASourceIsBelowItsTarget) {
    const auto refused = [](std::uint64_t source, std::uint64_t target) {
        return refuse_backwards({{}, Epoch(source), Epoch(target)}).has_value();
    };
    EXPECT_FALSE(refused(0, 1));
    EXPECT_FALSE(refused(0, 0)) << "the first epoch";
    EXPECT_TRUE(refused(1, 1));
    EXPECT_TRUE(refused(1, 0));
    EXPECT_TRUE(refused(2, 1));
}

}  // namespace
}  // namespace redoubt::ethereum
