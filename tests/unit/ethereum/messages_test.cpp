// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/messages.hpp>

#include <gtest/gtest.h>

namespace redoubt::ethereum {
namespace {

TEST(Messages, AttestationsAreOfAllCommitteesFromElectraOn) {
    EXPECT_EQ(attestation_layout(ForkName::Phase0), AttestationLayout::OneCommittee);
    EXPECT_EQ(attestation_layout(ForkName::Deneb), AttestationLayout::OneCommittee);
    EXPECT_EQ(attestation_layout(ForkName::Electra), AttestationLayout::AllCommittees);
    EXPECT_EQ(attestation_layout(ForkName::Fulu), AttestationLayout::AllCommittees);
    EXPECT_EQ(max_aggregation_bits(AttestationLayout::OneCommittee), 2048U);
    EXPECT_EQ(max_aggregation_bits(AttestationLayout::AllCommittees), 131072U);
}

}  // namespace
}  // namespace redoubt::ethereum
