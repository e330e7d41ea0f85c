// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <redoubt/adapters/tezos/bls_signer.hpp>
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/aws/dynamodb/dynamodb.hpp>
#include <redoubt/aws/kms/kms.hpp>
#include <redoubt/lambda/deadlines.hpp>
#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/tezos/remote_signer_api.hpp>
#include <simulation/engine/machine.hpp>

#include "fixtures.hpp"

namespace redoubt::simulation::tezos {

/// What comes of a request or a command.
struct Outcome {
    int status = 0;
    std::string code;  // of a refusal
    std::string signature;
};

/// One execution environment: the product from the request on, and its memory. It lives on a
/// machine, whose clock and calls it uses.
class Environment {
public:
    /// `table`: the name of its own.
    Environment(const Fixtures& fixtures, Sealing& sealing, Machine& machine, std::uint64_t seed,
                const std::string& table);
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    /// In the middle of a request: it is killed.
    ~Environment() { machine_.stop(); }

    /// From the HTTP request on, or from where it is authenticated (which is faster by half).
    /// `deadline`: what the Runtime API says, in true time.
    void begin(const Prepared& prepared, bool over_http, WallTime deadline);
    void operate(Json command, WallTime deadline);

    /// Of what was done last.
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }
    /// What came of attempts to open keys since this was asked last.
    [[nodiscard]] std::vector<tezos_adapters::Opening> take_openings() {
        return std::exchange(openings_, {});
    }

private:
    Machine& machine_;
    lambda::Deadlines deadlines_;
    aws::CorrectedClock corrected_;
    aws::Credentials credentials_;
    aws::Service kms_;
    aws::Service dynamodb_;
    tezos_adapters::DynamoWatermarkStore store_;
    std::string table_;
    aws::kms::Regions regions_;
    std::vector<tezos_adapters::Opening> openings_;
    tezos_adapters::SealedKeys sealed_keys_;
    tezos_adapters::KmsSigner kms_signer_;
    tezos_adapters::BlsSigner bls_signer_;
    tezos_adapters::SignerByScheme signer_;
    redoubt::tezos::Ports ports_;
    redoubt::tezos::RemoteSignerApi api_;
    tezos_operator::Context context_;
    operators::CommandTable commands_;
    Outcome outcome_;
};

}  // namespace redoubt::simulation::tezos
