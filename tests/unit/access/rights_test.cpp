// SPDX-License-Identifier: Apache-2.0
#include <redoubt/access/rights.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {
namespace {

using access::Right;
using access::Rights;
using Names = std::set<std::string>;

/// Names of all single rights that these give.
Names given_by(const Names& ops) {
    const Rights rights(ops);
    Names out;
    for (const std::string_view name : Rights::names()) {
        const auto right = access::find_right(name);
        if (right && rights.has(*right)) out.insert(std::string(name));
    }
    return out;
}

const Names reading_rights = {"publicKeys", "healthcheck", "highWatermark", "reload"};

TEST(Rights, OfAValidatorAreItsDutiesAndReadingButNoExitAndNoDeposit) {
    Names expected = {"BLOCK_V2",
                      "ATTESTATION",
                      "AGGREGATION_SLOT",
                      "AGGREGATE_AND_PROOF",
                      "AGGREGATE_AND_PROOF_V2",
                      "RANDAO_REVEAL",
                      "SYNC_COMMITTEE_MESSAGE",
                      "SYNC_COMMITTEE_SELECTION_PROOF",
                      "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF",
                      "VALIDATOR_REGISTRATION",
                      "PAYLOAD_ATTESTATION_MESSAGE",
                      "PAYLOAD_ATTESTATION",
                      "PROPOSER_PREFERENCES"};
    expected.insert(reading_rights.begin(), reading_rights.end());
    EXPECT_EQ(given_by({"validator"}), expected);
}

TEST(Rights, OfTheOtherPresetsAreExitsAloneAndReadingAlone) {
    EXPECT_EQ(given_by({"exit"}), Names{"VOLUNTARY_EXIT"});
    EXPECT_EQ(given_by({"read"}), reading_rights);
    EXPECT_EQ(given_by({}), Names{});
}

TEST(Rights, EachNameGivesItselfAndWhatIsTheSameMessage) {
    const std::map<std::string, Names> twins = {
        {"AGGREGATE_AND_PROOF", {"AGGREGATE_AND_PROOF", "AGGREGATE_AND_PROOF_V2"}},
        {"AGGREGATE_AND_PROOF_V2", {"AGGREGATE_AND_PROOF", "AGGREGATE_AND_PROOF_V2"}},
        {"PAYLOAD_ATTESTATION", {"PAYLOAD_ATTESTATION", "PAYLOAD_ATTESTATION_MESSAGE"}},
        {"PAYLOAD_ATTESTATION_MESSAGE", {"PAYLOAD_ATTESTATION", "PAYLOAD_ATTESTATION_MESSAGE"}}};
    for (const std::string_view name : Rights::names()) {
        const std::string text(name);
        EXPECT_TRUE(Rights::is_name(name));
        if (!access::find_right(name)) continue;
        const auto twin = twins.find(text);
        EXPECT_EQ(given_by({text}), twin == twins.end() ? Names{text} : twin->second);
    }
}

TEST(Rights, NoOtherNameGivesAny) {
    for (const std::string name : {"", "*", "all", "block_v2", "BLOCK", "ATTESTATION ", "Validator",
                                   "publickeys", "/upcheck", "EXECUTION_PAYLOAD_BID"}) {
        EXPECT_FALSE(Rights::is_name(name)) << name;
        EXPECT_FALSE(access::find_right(name)) << name;
        EXPECT_EQ(given_by({name}), Names{}) << name;
        EXPECT_EQ(given_by({name, "exit"}), Names{"VOLUNTARY_EXIT"}) << name;
    }
}

TEST(Rights, OfEachThereIsOneNameToShow) {
    for (std::size_t i = 0; i < access::right_count; ++i) {
        const auto right = static_cast<Right>(i);
        EXPECT_EQ(access::find_right(access::name(right)), right) << access::name(right);
    }
    EXPECT_EQ(access::name(Right::AggregateAndProof), "AGGREGATE_AND_PROOF_V2");
    EXPECT_EQ(access::name(Right::PayloadAttestation), "PAYLOAD_ATTESTATION_MESSAGE");
    EXPECT_EQ(access::name(Right::Reload), "reload");
}

TEST(KeyScope, NamesKeysOrTagsOrAll) {
    const std::string key = "0x" + std::string(96, 'a');
    const std::string other = "0x" + std::string(96, 'b');
    const access::KeyScope these = access::TheseKeys{{key}};
    ASSERT_TRUE(access::condition_for(these, key));
    EXPECT_TRUE(access::condition_for(these, key)->any_of.empty());
    EXPECT_FALSE(access::condition_for(these, other));
    EXPECT_FALSE(access::condition_for(these, ""));

    const access::KeyScope all = access::AllKeys{};
    EXPECT_TRUE(access::condition_for(all, other)->any_of.empty());

    const access::KeyScope tagged = access::TaggedKeys{{"a", "b"}};
    EXPECT_EQ(access::condition_for(tagged, other)->any_of, (Names{"a", "b"}));
}

TEST(KeyScope, WhatNamesNothingIsNoKey) {
    EXPECT_FALSE(access::condition_for(access::KeyScope(), "0x"));
    EXPECT_FALSE(access::condition_for(access::TheseKeys{}, ""));
    EXPECT_FALSE(access::condition_for(access::TaggedKeys{}, "0x"))
        << "no tag would be a condition that all pass";
}

TEST(TagCondition, HoldsForOneTagOfSeveral) {
    const access::TagCondition condition{{"a", "b"}};
    EXPECT_TRUE(condition.holds({"b"}));
    EXPECT_TRUE(condition.holds({"c", "a"}));
    EXPECT_FALSE(condition.holds({"c"}));
    EXPECT_FALSE(condition.holds({}));
    EXPECT_FALSE(condition.holds({"A", "ab", ""}));
    EXPECT_TRUE(access::TagCondition().holds({}));
}

}  // namespace
}  // namespace redoubt::test
