// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/time_bounds.hpp>

#include <gtest/gtest.h>

#include <map>

namespace redoubt::ethereum {
namespace {

/// In the middle of epoch 100 of hoodi, which is slot 3216.
class TimeBounds : public ::testing::Test {
protected:
    [[nodiscard]] bool allows(MessageType type, const Duty& duty) const {
        const auto refused = refuse_ahead(type, duty, network, now);
        EXPECT_TRUE(!refused || refused->code == Code::TooFarAhead);
        return !refused;
    }
    /// The last slot, or epoch, of which it is allowed.
    [[nodiscard]] std::uint64_t last_slot(MessageType type) const {
        return last([&](std::uint64_t slot) { return OtherDuty{.slot = Slot(slot)}; }, type);
    }
    [[nodiscard]] std::uint64_t last_epoch(MessageType type) const {
        return last([&](std::uint64_t epoch) { return OtherDuty{.epoch = Epoch(epoch)}; }, type);
    }
    template <class Make>
    [[nodiscard]] std::uint64_t last(const Make& make, MessageType type) const {
        std::uint64_t at = 0;
        while (at < 10000 && allows(type, make(at))) ++at;
        return at - 1;
    }

    Network network = find_network("hoodi").value();
    WallTime now = WallTime(std::chrono::seconds(network.genesis_time + 3216 * 12 + 5));
};

TEST_F(TimeBounds, AreTheNextSlotOrEpoch) {
    for (const MessageType type :
         {MessageType::AggregateAndProof, MessageType::SyncCommitteeContributionAndProof,
          MessageType::PayloadAttestation}) {
        EXPECT_EQ(last_slot(type), 3217U) << name(type);
    }
    for (const MessageType type :
         {MessageType::AggregationSlot, MessageType::SyncCommitteeMessage,
          MessageType::SyncCommitteeSelectionProof, MessageType::ProposerPreferences}) {
        EXPECT_EQ(last_slot(type), 102U * 32 - 1) << name(type);
    }
    EXPECT_EQ(last_epoch(MessageType::RandaoReveal), 101U);
    EXPECT_EQ(last_epoch(MessageType::VoluntaryExit), 100U);
}

TEST_F(TimeBounds, OfWhatCanBeSlashed) {
    const auto block = [&](std::uint64_t slot) {
        return allows(MessageType::Block, BlockDuty{Slot(slot)});
    };
    EXPECT_TRUE(block(0)) << "what lies behind is not refused";
    EXPECT_TRUE(block(3217));
    EXPECT_FALSE(block(3218));
    EXPECT_FALSE(block(~std::uint64_t{0}));
    const auto vote = [&](std::uint64_t slot, std::uint64_t target) {
        return allows(MessageType::Attestation,
                      AttestationDuty{Slot(slot), Epoch(0), Epoch(target)});
    };
    EXPECT_TRUE(vote(3217, 101));
    EXPECT_FALSE(vote(3218, 101));
    EXPECT_FALSE(vote(3217, 102));
    EXPECT_FALSE(vote(0, ~std::uint64_t{0}));
}

TEST_F(TimeBounds, RegistrationsAndDepositsSayNoTime) {
    EXPECT_TRUE(allows(MessageType::ValidatorRegistration, OtherDuty{}));
    EXPECT_TRUE(allows(MessageType::Deposit, OtherDuty{}));
}

TEST_F(TimeBounds, BeforeGenesisItIsTheFirstSlot) {
    now = WallTime(std::chrono::seconds(1));
    EXPECT_TRUE(allows(MessageType::Block, BlockDuty{Slot(1)}));
    EXPECT_FALSE(allows(MessageType::Block, BlockDuty{Slot(2)}));
}

}  // namespace
}  // namespace redoubt::ethereum
