// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/network.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace redoubt::ethereum {

std::string_view name(ForkName fork) {
    switch (fork) {
        case ForkName::Phase0: return "phase0";
        case ForkName::Altair: return "altair";
        case ForkName::Bellatrix: return "bellatrix";
        case ForkName::Capella: return "capella";
        case ForkName::Deneb: return "deneb";
        case ForkName::Electra: return "electra";
        case ForkName::Fulu: return "fulu";
    }
    return "unknown";
}

std::optional<Network> find_network(std::string_view name) {
    const auto& known = known_networks();
    const auto found = std::ranges::find(known, name, &Network::name);
    return found == known.end() ? std::nullopt : std::optional(*found);
}

Epoch epoch_of(const Network& network, Slot slot) {
    return Epoch(slot.value() / network.slots_per_epoch);
}

std::optional<Slot> slot_at(const Network& network, WallTime time) {
    using std::chrono::seconds;
    const auto genesis = WallTime(seconds(network.genesis_time));
    if (time < genesis) return std::nullopt;
    return Slot(static_cast<std::uint64_t>((time - genesis) / seconds(network.seconds_per_slot)));
}

const Fork& fork_at(const Network& network, Epoch epoch) {
    // The first one is at epoch 0. Of several at one epoch the last one counts.
    const auto next = std::ranges::upper_bound(network.forks, epoch, {}, &Fork::epoch);
    return *std::prev(next);
}

const Fork* find_fork(const Network& network, const ForkVersion& version) {
    const auto found = std::ranges::find(network.forks, version, &Fork::version);
    return found == network.forks.end() ? nullptr : &*found;
}

const ForkVersion& genesis_version(const Network& network) { return network.forks.front().version; }

const ForkVersion& exit_version(const Network& network, Epoch epoch) {
    const bool has_deneb = network.forks.size() > std::to_underlying(ForkName::Deneb);
    return has_deneb ? network.forks[std::to_underlying(ForkName::Capella)].version
                     : fork_at(network, epoch).version;
}

}  // namespace redoubt::ethereum
