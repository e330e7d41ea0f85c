// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fakes/aws_world.hpp>
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>

#include "cloud.hpp"
#include "fixtures.hpp"
#include "oracle.hpp"
#include "table.hpp"

namespace redoubt::simulation::tezos {

/// What a sequence may be made of, and how long it is.
struct SmallWorld {
    std::string name;
    std::size_t keys, chains;
    std::vector<Kind> kinds;
    unsigned depth;
    bool is_warm;  // one environment for the whole sequence; else a new one for each request
    std::optional<std::uint32_t> until = {};  // of all rows, which are handed over after that level
};

/// Sends sequences of requests, each held to what the rules say of it.
class Explorer {
public:
    Explorer(Fixtures& fixtures, Table& table, const SmallWorld& world);

    /// How many first requests there are.
    [[nodiscard]] std::size_t breadth() const { return choices_.size(); }
    /// All sequences that begin with that one. Throws Violation.
    void explore(std::size_t first) { follow(choices_[first], world_.depth); }

    std::uint64_t requests = 0;
    std::uint64_t sequences = 0;

private:
    /// A row by the rules, in their own words.
    struct Expected {
        Place at;
        std::string digest;
        std::string signature;
    };

    void follow(const Choice& choice, unsigned depth);
    void replay();
    void ask(const Choice& choice);
    void check(const Choice& choice, const Prepared& prepared, const std::string& verdict,
               const std::string& signature);
    void demand(bool kept, const std::string& what, const Choice& last) const;

    /// A new environment.
    void forget() { store_.emplace(aws_.dynamodb, table_name); }
    [[nodiscard]] http::ResponseOrError answer(const http::ClientRequest& call);
    [[nodiscard]] std::string scope_of(const Choice& choice) const;
    void reset(const std::string& scope);
    void put(const std::string& scope);

    Fixtures& fixtures_;
    test::AwsWorld aws_;
    Cloud kms_;
    unsigned variant_ = 0;  // of the last signature
    Table& table_;
    SmallWorld world_;
    std::vector<Choice> choices_;                                // for each request
    std::optional<tezos_adapters::DynamoWatermarkStore> store_;  // the memory of an environment
    tezos_adapters::KmsSigner signer_;
    std::map<std::string, Expected> rows_;  // by scope
    std::vector<Choice> path_;              // the sequence so far
};

}  // namespace redoubt::simulation::tezos
