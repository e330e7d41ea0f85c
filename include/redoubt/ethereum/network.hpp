// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/clock.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/ethereum/types.hpp>

/// The networks that are known: their time, their forks and where their deposits go.
/// Sources: mainnet, hoodi and sepolia, eth-clients/<name>; gnosis and chiado, gnosischain/configs.
namespace redoubt::ethereum {

/// In the order of their epochs, on every network. A later one has other layouts and is not known.
enum class ForkName : std::uint8_t { Phase0, Altair, Bellatrix, Capella, Deneb, Electra, Fulu };
/// `phase0`, ...
[[nodiscard]] std::string_view name(ForkName fork);

struct Fork {
    ForkName name{};
    ForkVersion version{};
    Epoch epoch;  // the first one
    bool operator==(const Fork&) const = default;
};

struct Network {
    std::string name;
    Root genesis_validators_root{};
    std::uint64_t genesis_time = 0;      // seconds since 1970
    std::uint64_t slots_per_epoch = 0;   // at least 1
    std::uint64_t seconds_per_slot = 0;  // at least 1
    std::uint64_t deposit_chain_id = 0;
    Address deposit_contract;
    std::uint64_t deposit_multiplier = 1;  // of ETH that stand for a token: 32 on Gnosis
    std::vector<Fork> forks;               // from phase 0 at epoch 0 on, none left out
    bool operator==(const Network&) const = default;
};

/// By name: mainnet, hoodi, sepolia, gnosis, chiado.
[[nodiscard]] std::optional<Network> find_network(std::string_view name);
[[nodiscard]] const std::vector<Network>& known_networks();

/// Another network, as `NETWORK_JSON` describes it: an object with the members of `Network`, up to
/// 16 KB; `forks` are objects of `name`, `version` and `epoch`. Notes of the same file, `gvr_check`
/// and `domains`, may be there and are not read.
///
/// `bad_request` that says which member is wrong: another or a missing one; a number out of bounds;
/// a fork that is not known here, out of order or with the version of another one; the name of a
/// known network, of which anything but the epochs of forks is another.
[[nodiscard]] Result<Network> parse_network(std::string_view json);

[[nodiscard]] Epoch epoch_of(const Network& network, Slot slot);
/// The slot that is running; nothing before genesis.
[[nodiscard]] std::optional<Slot> slot_at(const Network& network, WallTime time);

/// The fork of an epoch, by the table.
[[nodiscard]] const Fork& fork_at(const Network& network, Epoch epoch);
/// The fork with that version; null for one that the table does not know.
[[nodiscard]] const Fork* find_fork(const Network& network, const ForkVersion& version);

/// Of deposits, registrations and BLS-to-execution changes.
[[nodiscard]] const ForkVersion& genesis_version(const Network& network);
/// Of voluntary exits: Capella's for ever (EIP-7044, in force from Deneb on); where there is no
/// Capella, the version of `epoch`.
[[nodiscard]] const ForkVersion& exit_version(const Network& network, Epoch epoch);

}  // namespace redoubt::ethereum
