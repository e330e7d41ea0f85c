// SPDX-License-Identifier: Apache-2.0
#include "validator_requests.hpp"

#include <redoubt/ethereum/types.hpp>

namespace redoubt::test {
namespace {

std::string filled(std::size_t bytes, std::uint64_t number) {
    std::string digits = std::to_string(number);
    return "0x" + std::string(2 * bytes - digits.size(), '0') + digits;
}

Json attestation_data(std::uint64_t slot, std::uint64_t source, std::uint64_t target,
                      std::uint64_t seed) {
    return {{"slot", std::to_string(slot)},
            {"index", "0"},
            {"beacon_block_root", root_text(seed)},
            {"source", {{"epoch", std::to_string(source)}, {"root", root_text(2)}}},
            {"target", {{"epoch", std::to_string(target)}, {"root", root_text(3)}}}};
}

}  // namespace

std::string root_text(std::uint64_t number) { return filled(32, number); }

Json ValidatorRequests::request(const char* type, const char* member, Json message,
                                std::uint64_t epoch) const {
    const auto& fork = ethereum::fork_at(network_, ethereum::Epoch(epoch));
    const std::string version = ethereum::prefixed_hex(fork.version);
    return {
        {"type", type},
        {"fork_info",
         {{"fork",
           {{"previous_version", version},
            {"current_version", version},
            {"epoch", std::to_string(fork.epoch.value())}}},
          {"genesis_validators_root", ethereum::prefixed_hex(network_.genesis_validators_root)}}},
        {member, std::move(message)}};
}

Json ValidatorRequests::attestation(std::uint64_t source, std::uint64_t target,
                                    std::uint64_t seed) const {
    return request("ATTESTATION", "attestation",
                   attestation_data(source * network_.slots_per_epoch, source, target, seed),
                   target);
}

Json ValidatorRequests::block(std::uint64_t slot, std::uint64_t seed) const {
    return request("BLOCK_V2", "beacon_block",
                   {{"version", "FULU"},
                    {"block_header",
                     {{"slot", std::to_string(slot)},
                      {"proposer_index", "7"},
                      {"parent_root", root_text(4)},
                      {"state_root", root_text(5)},
                      {"body_root", root_text(seed)}}}},
                   slot / network_.slots_per_epoch);
}

Json ValidatorRequests::randao(std::uint64_t epoch) const {
    return request("RANDAO_REVEAL", "randao_reveal", {{"epoch", std::to_string(epoch)}}, epoch);
}

Json ValidatorRequests::selection_proof(std::uint64_t slot) const {
    return request("AGGREGATION_SLOT", "aggregation_slot", {{"slot", std::to_string(slot)}},
                   slot / network_.slots_per_epoch);
}

Json ValidatorRequests::sync_message(std::uint64_t slot) const {
    return request("SYNC_COMMITTEE_MESSAGE", "sync_committee_message",
                   {{"slot", std::to_string(slot)}, {"beacon_block_root", root_text(6)}},
                   slot / network_.slots_per_epoch);
}

Json ValidatorRequests::aggregate(std::uint64_t slot) const {
    const std::uint64_t epoch = slot / network_.slots_per_epoch;
    return request("AGGREGATE_AND_PROOF_V2", "aggregate_and_proof",
                   {{"version", "FULU"},
                    {"data",
                     {{"aggregator_index", "7"},
                      {"selection_proof", filled(96, 8)},
                      {"aggregate",
                       {{"aggregation_bits", "0x0f"},
                        {"data", attestation_data(slot, epoch - 1, epoch, 9)},
                        {"signature", filled(96, 9)},
                        {"committee_bits", "0x0100000000000000"}}}}}},
                   epoch);
}

Json ValidatorRequests::exit(std::uint64_t epoch) const {
    return request("VOLUNTARY_EXIT", "voluntary_exit",
                   {{"epoch", std::to_string(epoch)}, {"validator_index", "7"}}, epoch);
}

Json ValidatorRequests::registration(const std::string& key, const std::string& recipient) {
    return {{"type", "VALIDATOR_REGISTRATION"},
            {"validator_registration",
             {{"fee_recipient", recipient},
              {"gas_limit", "60000000"},
              {"timestamp", "1795255200"},
              {"pubkey", key}}}};
}

Json ValidatorRequests::deposit(const std::string& key) const {
    return {
        {"type", "DEPOSIT"},
        {"deposit",
         {{"pubkey", key},
          {"withdrawal_credentials", root_text(1)},
          {"amount", "32000000000"},
          {"genesis_fork_version", ethereum::prefixed_hex(ethereum::genesis_version(network_))}}}};
}

}  // namespace redoubt::test
