// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <redoubt/base/strong.hpp>
#include <redoubt/ethereum/types.hpp>

/// What keeps a signature of one kind, fork and network from passing for another.
/// Source: consensus-specs, compute_domain and compute_signing_root in phase0/beacon-chain.md; the
/// types are in that file and in altair/, capella/ and gloas/, the last one in builder-specs.
namespace redoubt::ethereum {

/// The four bytes of each, the first one highest.
enum class DomainType : std::uint32_t {
    BeaconProposer = 0x00000000,
    BeaconAttester = 0x01000000,
    Randao = 0x02000000,
    Deposit = 0x03000000,
    VoluntaryExit = 0x04000000,
    SelectionProof = 0x05000000,
    AggregateAndProof = 0x06000000,
    SyncCommittee = 0x07000000,
    SyncCommitteeSelectionProof = 0x08000000,
    ContributionAndProof = 0x09000000,
    BlsToExecutionChange = 0x0a000000,
    PtcAttester = 0x0c000000,
    ProposerPreferences = 0x0d000000,
    ApplicationBuilder = 0x00000001,
};

using Domain = Strong<struct DomainTag, ByteArray<32>>;

[[nodiscard]] Domain compute_domain(DomainType type, const ForkVersion& version,
                                    const Root& genesis_validators_root);

/// What is signed for an object: its root in the domain.
[[nodiscard]] Root signing_root(const Root& object, const Domain& domain);

}  // namespace redoubt::ethereum
