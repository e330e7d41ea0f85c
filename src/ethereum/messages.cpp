// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/messages.hpp>

namespace redoubt::ethereum {

AttestationLayout attestation_layout(ForkName fork) {
    return fork < ForkName::Electra ? AttestationLayout::OneCommittee
                                    : AttestationLayout::AllCommittees;
}

std::size_t max_aggregation_bits(AttestationLayout layout) {
    constexpr std::size_t committee = 2048;
    return layout == AttestationLayout::OneCommittee ? committee : 64 * committee;
}

Root hash_tree_root(Epoch epoch) { return ssz::number(epoch.value()); }
Root hash_tree_root(Slot slot) { return ssz::number(slot.value()); }

Root hash_tree_root(const Checkpoint& checkpoint) {
    return ssz::container({hash_tree_root(checkpoint.epoch), checkpoint.root});
}

Root hash_tree_root(const AttestationData& data) {
    return ssz::container({hash_tree_root(data.slot), ssz::number(data.index),
                           data.beacon_block_root, hash_tree_root(data.source),
                           hash_tree_root(data.target)});
}

Root hash_tree_root(const BeaconBlockHeader& header) {
    return ssz::container({hash_tree_root(header.slot), ssz::number(header.proposer_index.value()),
                           header.parent_root, header.state_root, header.body_root});
}

Root hash_tree_root(const Attestation& attestation) {
    const Root bits = attestation.aggregation_bits.root();
    const Root data = hash_tree_root(attestation.data);
    const Root signature = ssz::bytes(attestation.signature);
    if (!attestation.committee_bits) return ssz::container({bits, data, signature});
    return ssz::container({bits, data, signature, ssz::bytes(*attestation.committee_bits)});
}

Root hash_tree_root(const AggregateAndProof& aggregate) {
    return ssz::container({ssz::number(aggregate.aggregator_index.value()),
                           hash_tree_root(aggregate.aggregate),
                           ssz::bytes(aggregate.selection_proof)});
}

Root hash_tree_root(const VoluntaryExit& exit) {
    return ssz::container({hash_tree_root(exit.epoch), ssz::number(exit.validator_index.value())});
}

Root hash_tree_root(const SyncAggregatorSelectionData& data) {
    return ssz::container({hash_tree_root(data.slot), ssz::number(data.subcommittee_index)});
}

Root hash_tree_root(const SyncCommitteeContribution& contribution) {
    return ssz::container({hash_tree_root(contribution.slot), contribution.beacon_block_root,
                           ssz::number(contribution.subcommittee_index),
                           ssz::bytes(contribution.aggregation_bits),
                           ssz::bytes(contribution.signature)});
}

Root hash_tree_root(const ContributionAndProof& contribution) {
    return ssz::container({ssz::number(contribution.aggregator_index.value()),
                           hash_tree_root(contribution.contribution),
                           ssz::bytes(contribution.selection_proof)});
}

Root hash_tree_root(const ValidatorRegistration& registration) {
    return ssz::container({ssz::bytes(registration.fee_recipient.bytes),
                           ssz::number(registration.gas_limit), ssz::number(registration.timestamp),
                           ssz::bytes(registration.pubkey.bytes)});
}

Root hash_tree_root(const DepositMessage& message) {
    return ssz::container({ssz::bytes(message.pubkey.bytes), message.withdrawal_credentials,
                           ssz::number(message.amount.value())});
}

Root hash_tree_root(const DepositData& data) {
    // Another container, whose first fields are the message's.
    return ssz::container({ssz::bytes(data.message.pubkey.bytes),
                           data.message.withdrawal_credentials,
                           ssz::number(data.message.amount.value()), ssz::bytes(data.signature)});
}

Root hash_tree_root(const BlsToExecutionChange& change) {
    return ssz::container({ssz::number(change.validator_index.value()),
                           ssz::bytes(change.from_bls_pubkey.bytes),
                           ssz::bytes(change.to_execution_address.bytes)});
}

Root hash_tree_root(const PayloadAttestationData& data) {
    return ssz::container({data.beacon_block_root, hash_tree_root(data.slot),
                           ssz::boolean(data.payload_present),
                           ssz::boolean(data.blob_data_available)});
}

Root hash_tree_root(const ProposerPreferences& preferences) {
    return ssz::container({preferences.dependent_root, hash_tree_root(preferences.proposal_slot),
                           ssz::number(preferences.validator_index.value()),
                           ssz::bytes(preferences.fee_recipient.bytes),
                           ssz::number(preferences.target_gas_limit)});
}

}  // namespace redoubt::ethereum
