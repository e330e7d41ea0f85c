// SPDX-License-Identifier: Apache-2.0
// A network that is not compiled in. The input: its JSON.
#include <algorithm>
#include <set>

#include <redoubt/base/json.hpp>
#include <redoubt/ethereum/network.hpp>

#include "check.hpp"

namespace redoubt::fuzz::ethereum_network {
namespace {

using namespace ethereum;

void check_refusal(const Error& error) {
    check(error.code == Code::BadRequest, "a refusal is a bad_request");
    check(error.message.starts_with("the network") && error.message.size() < 300,
          "that says where, in a few words");
}

void check_forks(const Network& network) {
    check(!network.forks.empty() && network.forks.front().epoch == Epoch(0), "begins at epoch 0");
    std::set<ForkVersion> versions;
    Epoch epoch;
    for (std::size_t i = 0; i < network.forks.size(); ++i) {
        const Fork& fork = network.forks[i];
        check(static_cast<std::size_t>(fork.name) == i, "no fork is left out");
        check(fork.epoch >= epoch, "none is before the one before");
        check(versions.insert(fork.version).second, "none has another's version");
        check(find_fork(network, fork.version) == &fork, "each is found by its version");
        check(fork_at(network, fork.epoch).epoch == fork.epoch, "and by its first epoch");
        epoch = fork.epoch;
    }
    check(versions.contains(exit_version(network, epoch)), "exits have a version of the network");
}

void check_time(const Network& network) {
    check(slot_at(network, WallTime(std::chrono::seconds(network.genesis_time))) == Slot(0),
          "genesis is slot 0");
    const Slot last(~0ULL);
    check(epoch_of(network, last).value() <= last.value(), "no epoch is after its slots");
}

Json written(const Network& network) {
    Json forks = Json::array();
    for (const Fork& fork : network.forks) {
        forks.push_back({{"name", name(fork.name)},
                         {"version", prefixed_hex(fork.version)},
                         {"epoch", std::to_string(fork.epoch.value())}});
    }
    return {{"name", network.name},
            {"genesis_validators_root", prefixed_hex(network.genesis_validators_root)},
            {"genesis_time", network.genesis_time},
            {"slots_per_epoch", network.slots_per_epoch},
            {"seconds_per_slot", network.seconds_per_slot},
            {"deposit_chain_id", network.deposit_chain_id},
            {"deposit_contract", prefixed_hex(network.deposit_contract.bytes)},
            {"deposit_multiplier", network.deposit_multiplier},
            {"forks", forks}};
}

}  // namespace

void one_input(ByteView input) {
    const std::string text(text_of(input));
    const auto network = parse_network(text);
    if (!network) return check_refusal(network.error());
    check_forks(*network);
    check_time(*network);
    const auto again = parse_network(dump(written(*network)));
    check(again && *again == *network, "what was read is read again as it was");
    const auto known = find_network(network->name);
    check(!known || known->genesis_validators_root == network->genesis_validators_root,
          "a known name is of its own chain");
    check(!parse_network(text + "}"), "nothing may follow");
}

}  // namespace redoubt::fuzz::ethereum_network
