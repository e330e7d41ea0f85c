// SPDX-License-Identifier: Apache-2.0
#include "reading.hpp"

namespace redoubt::ethereum {
namespace {

Checkpoint read_checkpoint(Fields fields) {
    return {Epoch(fields.number("epoch")), fields.bytes<32>("root")};
}

ssz::BitList read_bits(Fields& fields, std::size_t limit) {
    // One byte more for the end.
    const Bytes serialized = fields.bytes_up_to("aggregation_bits", limit / 8 + 1);
    auto bits = ssz::BitList::parse(serialized, limit);
    if (!bits) {
        fields.refuse("aggregation_bits",
                      "is not a list of up to " + std::to_string(limit) + " bits and its end");
    }
    return bits ? std::move(*bits) : ssz::BitList();
}

Attestation read_attestation(Fields fields, AttestationLayout layout) {
    Attestation attestation{read_bits(fields, max_aggregation_bits(layout)),
                            read_attestation_data(fields.object("data")),
                            fields.bytes<96>("signature"),
                            {}};
    if (layout == AttestationLayout::AllCommittees) {
        attestation.committee_bits = fields.bytes<8>("committee_bits");
    } else if (fields.has("committee_bits")) {
        fields.refuse("committee_bits", "is there, before the fork that brought it");
    }
    return attestation;
}

SyncCommitteeContribution read_sync_contribution(Fields fields) {
    return {Slot(fields.number("slot")), fields.bytes<32>("beacon_block_root"),
            fields.number("subcommittee_index"), fields.bytes<16>("aggregation_bits"),
            fields.bytes<96>("signature")};
}

}  // namespace

BeaconBlockHeader read_block_header(Fields fields) {
    return {Slot(fields.number("slot")), ValidatorIndex(fields.number("proposer_index")),
            fields.bytes<32>("parent_root"), fields.bytes<32>("state_root"),
            fields.bytes<32>("body_root")};
}

AttestationData read_attestation_data(Fields fields) {
    return {Slot(fields.number("slot")), fields.number("index"),
            fields.bytes<32>("beacon_block_root"), read_checkpoint(fields.object("source")),
            read_checkpoint(fields.object("target"))};
}

AggregateAndProof read_aggregate(Fields fields, AttestationLayout layout) {
    return {ValidatorIndex(fields.number("aggregator_index")),
            read_attestation(fields.object("aggregate"), layout),
            fields.bytes<96>("selection_proof")};
}

VoluntaryExit read_exit(Fields fields) {
    return {Epoch(fields.number("epoch")), ValidatorIndex(fields.number("validator_index"))};
}

SyncAggregatorSelectionData read_sync_selection(Fields fields) {
    return {Slot(fields.number("slot")), fields.number("subcommittee_index")};
}

ContributionAndProof read_contribution(Fields fields) {
    return {ValidatorIndex(fields.number("aggregator_index")),
            read_sync_contribution(fields.object("contribution")),
            fields.bytes<96>("selection_proof")};
}

ValidatorRegistration read_registration(Fields fields) {
    return {Address{fields.bytes<20>("fee_recipient")}, fields.number("gas_limit"),
            fields.number("timestamp"), fields.public_key("pubkey")};
}

DepositMessage read_deposit(Fields fields) {
    return {fields.public_key("pubkey"), fields.bytes<32>("withdrawal_credentials"),
            Gwei(fields.number("amount"))};
}

PayloadAttestationData read_payload_attestation(Fields fields) {
    return {fields.bytes<32>("beacon_block_root"), Slot(fields.number("slot")),
            fields.boolean("payload_present"), fields.boolean("blob_data_available")};
}

ProposerPreferences read_preferences(Fields fields) {
    return {fields.bytes<32>("dependent_root"), Slot(fields.number("proposal_slot")),
            ValidatorIndex(fields.number("validator_index")),
            Address{fields.bytes<20>("fee_recipient")}, fields.number("target_gas_limit")};
}

}  // namespace redoubt::ethereum
