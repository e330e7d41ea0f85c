// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/ethereum/domain.hpp>
#include <redoubt/ethereum/network.hpp>

#include "../vectors/ethereum_vectors.hpp"

namespace redoubt::ethereum {
namespace {

const std::map<std::string, DomainType> types_by_name = {
    {"BEACON_PROPOSER", DomainType::BeaconProposer},
    {"BEACON_ATTESTER", DomainType::BeaconAttester},
    {"RANDAO", DomainType::Randao},
    {"SELECTION_PROOF", DomainType::SelectionProof},
    {"AGGREGATE_AND_PROOF", DomainType::AggregateAndProof},
    {"SYNC_COMMITTEE", DomainType::SyncCommittee},
    {"SYNC_COMMITTEE_SELECTION_PROOF", DomainType::SyncCommitteeSelectionProof},
    {"CONTRIBUTION_AND_PROOF", DomainType::ContributionAndProof},
};

std::string domain_text(DomainType type, const ForkVersion& version, const Root& root) {
    return prefixed_hex(compute_domain(type, version, root).value());
}

TEST(NetworkVectors, AreReadAndKnown) {
    for (const Json& row : test::ethereum_vectors("networks").at("networks")) {
        const std::string name = row.at("name");
        SCOPED_TRACE(name);
        const auto network = parse_network(row.dump());
        ASSERT_TRUE(network.has_value()) << network.error().message;
        EXPECT_EQ(network->forks.size(), row.at("forks").size());
        if (name == "holesky") {
            EXPECT_FALSE(find_network(name).has_value()) << "it has ended";
        } else {
            EXPECT_EQ(find_network(name), *network);
        }
    }
}

TEST(NetworkVectors, HaveTheseDomains) {
    for (const Json& row : test::ethereum_vectors("networks").at("networks")) {
        SCOPED_TRACE(row.at("name").get<std::string>());
        const Network network = parse_network(row.dump()).value();
        const Root& root = network.genesis_validators_root;
        const Json& domains = row.at("domains");
        for (const auto& [type, domain] : domains.at("fulu").items()) {
            EXPECT_EQ(domain,
                      domain_text(types_by_name.at(type), network.forks.back().version, root));
        }
        EXPECT_EQ(domains.at("VOLUNTARY_EXIT_from_deneb_on"),
                  domain_text(DomainType::VoluntaryExit, exit_version(network, Epoch(0)), root));
        const ForkVersion& genesis = genesis_version(network);
        EXPECT_EQ(domains.at("BLS_TO_EXECUTION_CHANGE"),
                  domain_text(DomainType::BlsToExecutionChange, genesis, root));
        EXPECT_EQ(domains.at("DEPOSIT"), domain_text(DomainType::Deposit, genesis, Root{}));
        EXPECT_EQ(domains.at("APPLICATION_BUILDER"),
                  domain_text(DomainType::ApplicationBuilder, genesis, Root{}));
        EXPECT_EQ(domains.size(), 5U);
    }
}

}  // namespace
}  // namespace redoubt::ethereum
