// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <ranges>

#include <redoubt/ethereum/network.hpp>

#include "fields.hpp"

namespace redoubt::ethereum {
namespace {

constexpr std::size_t longest_network = 16384;
constexpr std::size_t longest_name = 64;
/// The last second of the year 9999, far from what overflows.
constexpr std::uint64_t latest_genesis = 253402300799;
constexpr std::array all_forks = {ForkName::Phase0,  ForkName::Altair, ForkName::Bellatrix,
                                  ForkName::Capella, ForkName::Deneb,  ForkName::Electra,
                                  ForkName::Fulu};

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

std::string read_name(Fields& fields) {
    const std::string& name = fields.text("name");
    if (name.empty() || name.size() > longest_name ||
        !std::ranges::all_of(name, is_name_character)) {
        fields.refuse("name", "is not 1 to 64 letters, digits, `.`, `_` and `-`");
    }
    return name;
}

/// The fork that follows `before`: none may be left out, or a request's could be taken for another.
Fork read_fork(Fields fields, const std::vector<Fork>& before) {
    fields.only({"name", "version", "epoch"});
    if (before.size() == all_forks.size()) {
        fields.refuse("name", "is of a fork after fulu, which is not known here");
        return {};
    }
    const Fork fork{all_forks[before.size()], fields.bytes<4>("version"),
                    Epoch(fields.number("epoch"))};
    if (fields.text("name") != name(fork.name)) {
        fields.refuse("name", "is not `" + std::string(name(fork.name)) + "`, whose turn it is");
    }
    if (before.empty() ? fork.epoch != Epoch(0) : fork.epoch < before.back().epoch) {
        fields.refuse("epoch", before.empty() ? "is not 0, as the first one's is"
                                              : "is below that of the fork before");
    }
    if (std::ranges::find(before, fork.version, &Fork::version) != before.end()) {
        fields.refuse("version", "is that of another fork, too");
    }
    return fork;
}

/// Whether it is a description of that one: in all but the epochs of forks, as they are set late.
bool is_told_of(const Network& known, Network described) {
    const bool has_versions =
        std::ranges::equal(described.forks, known.forks | std::views::take(described.forks.size()),
                           {}, &Fork::version, &Fork::version);
    described.forks = known.forks;
    return has_versions && described == known;
}

Network read_network(Fields fields) {
    fields.only({"name", "genesis_validators_root", "genesis_time", "slots_per_epoch",
                 "seconds_per_slot", "deposit_chain_id", "deposit_contract", "deposit_multiplier",
                 "forks", "gvr_check", "domains"});
    Network network;
    network.name = read_name(fields);
    network.genesis_validators_root = fields.bytes<32>("genesis_validators_root");
    network.genesis_time = fields.number("genesis_time", {0, latest_genesis});
    network.slots_per_epoch = fields.number("slots_per_epoch", {1, 1024});
    network.seconds_per_slot = fields.number("seconds_per_slot", {1, 3600});
    network.deposit_chain_id = fields.number("deposit_chain_id");
    network.deposit_contract = {fields.bytes<20>("deposit_contract")};
    network.deposit_multiplier = fields.number("deposit_multiplier", {1, 1024});
    fields.each("forks", all_forks.size() + 1, [&network](const Fields& fork) {
        network.forks.push_back(read_fork(fork, network.forks));
    });
    if (network.forks.empty()) {
        fields.refuse("forks", "is empty: phase0 comes first");
        return network;
    }
    // A known name stands for its chain in deposits, too.
    const auto known = find_network(network.name);
    if (known && !is_told_of(*known, network)) {
        fields.refuse("name",
                      "is that of a known network, which differs from this one in more than the "
                      "epochs of its forks: give a name of your own, or its own members");
    }
    return network;
}

}  // namespace

Result<Network> parse_network(std::string_view json) {
    if (json.size() > longest_network) {
        return fail(Code::BadRequest, "the network: is longer than 16 KB");
    }
    const auto value = parse_json(json);
    if (!value) {
        return fail(Code::BadRequest, "the network: is not JSON, or names a member twice");
    }
    std::optional<Error> mistake;
    Network network = read_network(Fields({*value, "the network"}, mistake));
    if (mistake) return std::unexpected(std::move(*mistake));
    return network;
}

}  // namespace redoubt::ethereum
