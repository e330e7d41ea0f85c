// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <redoubt/ethereum/network.hpp>
#include <redoubt/ethereum/ssz.hpp>
#include <redoubt/ethereum/types.hpp>

/// What a validator's keys sign. Fields are in the order in which SSZ hashes them.
/// Source: consensus-specs, specs/{phase0,altair,capella,electra,gloas}/; builder-specs for
/// registrations.
namespace redoubt::ethereum {

struct Checkpoint {
    Epoch epoch;
    Root root{};
};

struct AttestationData {
    Slot slot;
    std::uint64_t index = 0;  // of a committee before Electra; 0 from then on
    Root beacon_block_root{};
    Checkpoint source;
    Checkpoint target;
};

/// Has the root of the block itself.
struct BeaconBlockHeader {
    Slot slot;
    ValidatorIndex proposer_index;
    Root parent_root{};
    Root state_root{};
    Root body_root{};
};

/// How an attestation is laid out: with bits of one committee, or of all of a slot (EIP-7549).
enum class AttestationLayout : std::uint8_t { OneCommittee, AllCommittees };
/// Of a fork that the table knows; Gloas has another one.
[[nodiscard]] AttestationLayout attestation_layout(ForkName fork);
/// 2^11 validators a committee, 2^6 committees a slot; on Gnosis, too.
[[nodiscard]] std::size_t max_aggregation_bits(AttestationLayout layout);

struct Attestation {
    ssz::BitList aggregation_bits;  // parsed with the layout's limit
    AttestationData data;
    SignatureBytes signature{};
    std::optional<ByteArray<8>> committee_bits;  // with `AllCommittees` alone
};

struct AggregateAndProof {
    ValidatorIndex aggregator_index;
    Attestation aggregate;
    SignatureBytes selection_proof{};
};

struct VoluntaryExit {
    Epoch epoch;
    ValidatorIndex validator_index;
};

struct SyncAggregatorSelectionData {
    Slot slot;
    std::uint64_t subcommittee_index = 0;
};

struct SyncCommitteeContribution {
    Slot slot;
    Root beacon_block_root{};
    std::uint64_t subcommittee_index = 0;
    ByteArray<16> aggregation_bits{};  // a quarter of 512 validators
    SignatureBytes signature{};
};

struct ContributionAndProof {
    ValidatorIndex aggregator_index;
    SyncCommitteeContribution contribution;
    SignatureBytes selection_proof{};
};

/// For builders of blocks.
struct ValidatorRegistration {
    Address fee_recipient;
    std::uint64_t gas_limit = 0;
    std::uint64_t timestamp = 0;  // seconds since 1970
    PublicKey pubkey;
};

/// What a deposit's signature is over.
struct DepositMessage {
    PublicKey pubkey;
    Root withdrawal_credentials{};
    Gwei amount;
};

/// Its root goes to the deposit contract.
struct DepositData {
    DepositMessage message;
    SignatureBytes signature{};
};

struct BlsToExecutionChange {
    ValidatorIndex validator_index;
    PublicKey from_bls_pubkey;
    Address to_execution_address;
};

/// Draft of Gloas: whether a block's payload was seen in time.
struct PayloadAttestationData {
    Root beacon_block_root{};
    Slot slot;
    bool payload_present = false;
    bool blob_data_available = false;
};

/// Draft of Gloas: takes the place of registrations.
struct ProposerPreferences {
    Root dependent_root{};
    Slot proposal_slot;
    ValidatorIndex validator_index;
    Address fee_recipient;
    std::uint64_t target_gas_limit = 0;
};

[[nodiscard]] Root hash_tree_root(const Checkpoint& checkpoint);
[[nodiscard]] Root hash_tree_root(const AttestationData& data);
[[nodiscard]] Root hash_tree_root(const BeaconBlockHeader& header);
[[nodiscard]] Root hash_tree_root(const Attestation& attestation);
[[nodiscard]] Root hash_tree_root(const AggregateAndProof& aggregate);
[[nodiscard]] Root hash_tree_root(const VoluntaryExit& exit);
[[nodiscard]] Root hash_tree_root(const SyncAggregatorSelectionData& data);
[[nodiscard]] Root hash_tree_root(const SyncCommitteeContribution& contribution);
[[nodiscard]] Root hash_tree_root(const ContributionAndProof& contribution);
[[nodiscard]] Root hash_tree_root(const ValidatorRegistration& registration);
[[nodiscard]] Root hash_tree_root(const DepositMessage& message);
[[nodiscard]] Root hash_tree_root(const DepositData& data);
[[nodiscard]] Root hash_tree_root(const BlsToExecutionChange& change);
[[nodiscard]] Root hash_tree_root(const PayloadAttestationData& data);
[[nodiscard]] Root hash_tree_root(const ProposerPreferences& preferences);
/// Of a RANDAO reveal, and of a selection proof.
[[nodiscard]] Root hash_tree_root(Epoch epoch);
[[nodiscard]] Root hash_tree_root(Slot slot);

}  // namespace redoubt::ethereum
