// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/time_bounds.hpp>

#include <algorithm>
#include <string>

namespace redoubt::ethereum {
namespace {

/// The last ones that may be signed.
struct Latest {
    Slot slot;
    Epoch epoch;
};

struct Present {
    Slot slot;
    Epoch epoch;
    const Network& network;
};

Latest next_slot(const Present& present) {
    return {Slot(present.slot.value() + 1), Epoch(present.epoch.value() + 1)};
}

Latest end_of_epoch(const Present& present, std::uint64_t epochs_on) {
    const Epoch epoch(present.epoch.value() + epochs_on);
    return {Slot((epoch.value() + 1) * present.network.slots_per_epoch - 1), epoch};
}

Latest latest(MessageType type, const Present& present) {
    switch (type) {
        case MessageType::Block:
        case MessageType::Attestation:
        case MessageType::AggregateAndProof:
        case MessageType::SyncCommitteeContributionAndProof:
        case MessageType::PayloadAttestation: return next_slot(present);
        case MessageType::AggregationSlot:
        case MessageType::RandaoReveal:
        case MessageType::SyncCommitteeMessage:
        case MessageType::SyncCommitteeSelectionProof:
        case MessageType::ProposerPreferences: return end_of_epoch(present, 1);
        case MessageType::VoluntaryExit:
        case MessageType::ValidatorRegistration:
        case MessageType::Deposit:
        case MessageType::PublicKeys:
        case MessageType::HealthCheck:
        case MessageType::HighWatermark:
        case MessageType::Reload: break;  // the last four are none
    }
    return end_of_epoch(present, 0);
}

/// What a duty says of its time.
struct When {
    std::optional<Slot> slot;
    std::optional<Epoch> epoch;
};
When when(const BlockDuty& duty) { return {duty.slot, {}}; }
When when(const AttestationDuty& duty) { return {duty.slot, duty.target}; }
When when(const OtherDuty& duty) { return {duty.slot, duty.epoch}; }

std::string to_text(std::string_view what, std::uint64_t asked, std::uint64_t last) {
    return std::string(what) + " " + std::to_string(asked) + " is further ahead than " +
           std::string(what) + " " + std::to_string(last) +
           ", the last one that may be signed now: compare the clocks, and NETWORK with the "
           "client's";
}

}  // namespace

std::optional<Error> refuse_ahead(MessageType type, const Duty& duty, const Network& network,
                                  WallTime now) {
    const Slot slot = slot_at(network, now).value_or(Slot(0));
    const Latest last = latest(type, {slot, epoch_of(network, slot), network});
    const When asked = std::visit([](const auto& one) { return when(one); }, duty);
    if (asked.slot && *asked.slot > last.slot) {
        return Error{Code::TooFarAhead, to_text("slot", asked.slot->value(), last.slot.value())};
    }
    if (asked.epoch && *asked.epoch > last.epoch) {
        return Error{Code::TooFarAhead, to_text("epoch", asked.epoch->value(), last.epoch.value())};
    }
    return std::nullopt;
}

}  // namespace redoubt::ethereum
