// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/callers.hpp>
#include <redoubt/adapters/ethereum/dynamo_validator_store.hpp>
#include <redoubt/adapters/ethereum/sealed_signer.hpp>
#include <redoubt/ethereum/web3signer_api.hpp>

namespace redoubt::test {

/// One environment of Ethereum's signer function, as its handler builds it. Its place outlives it.
class SignerEnvironment {
public:
    struct Place {
        aws::Service& dynamodb;
        aws::kms::Regions& kms;
        io::ExchangeRunner& runner;
        const Clock& clock;
        const std::vector<aws::KeyArn>& wrapping_keys;
        const std::string& table;
        const ethereum::Network& network;
    };
    SignerEnvironment(const Place& place, std::size_t most_cached)
        : cache(most_cached),
          wraps({place.dynamodb, place.table, place.kms, place.wrapping_keys, place.runner},
                [this](const sealed_adapters::Opening& opening) { openings.push_back(opening); }),
          store({place.dynamodb, place.runner, place.table, place.network}, cache, wraps),
          signer(cache, wraps, place.clock),
          callers(place.dynamodb, place.runner, place.table),
          api({place.network, false},
              {store, signer, place.runner,
               [&dynamodb = place.dynamodb] { return dynamodb.clock().now(); }},
              {[this](const access::PresentedToken& token, SteadyTime deadline) {
                   return callers.admit(token, deadline);
               },
               {}}) {}
    SignerEnvironment(const SignerEnvironment&) = delete;
    SignerEnvironment& operator=(const SignerEnvironment&) = delete;

    std::vector<sealed_adapters::Opening> openings;
    ethereum_adapters::ValidatorCache cache;
    ethereum_adapters::OpenedWraps wraps;
    ethereum_adapters::DynamoValidatorStore store;
    ethereum_adapters::SealedSigner signer;
    ethereum_adapters::Callers callers;
    ethereum::Web3SignerApi api;
};

}  // namespace redoubt::test
