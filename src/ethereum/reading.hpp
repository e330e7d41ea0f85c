// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/ethereum/messages.hpp>

#include "fields.hpp"

/// Messages as the beacon API writes them in JSON.
namespace redoubt::ethereum {

[[nodiscard]] BeaconBlockHeader read_block_header(Fields fields);
[[nodiscard]] AttestationData read_attestation_data(Fields fields);
[[nodiscard]] AggregateAndProof read_aggregate(Fields fields, AttestationLayout layout);
[[nodiscard]] VoluntaryExit read_exit(Fields fields);
[[nodiscard]] SyncAggregatorSelectionData read_sync_selection(Fields fields);
[[nodiscard]] ContributionAndProof read_contribution(Fields fields);
[[nodiscard]] ValidatorRegistration read_registration(Fields fields);
[[nodiscard]] DepositMessage read_deposit(Fields fields);
[[nodiscard]] PayloadAttestationData read_payload_attestation(Fields fields);
[[nodiscard]] ProposerPreferences read_preferences(Fields fields);

}  // namespace redoubt::ethereum
