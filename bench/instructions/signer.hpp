// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/adapters/tezos/bls_signer.hpp>
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/http/exchange.hpp>
#include <redoubt/tezos/remote_signer_api.hpp>

#include <log/request_line.hpp>

#include <fakes/sealed_world.hpp>

namespace redoubt::bench {

/// Hands over answers that lie ready, and does nothing else that would be counted.
class ReadyRunner final : public io::ExchangeRunner {
public:
    ReadyRunner(http::ResponseOrError kms, http::ResponseOrError dynamodb)
        : kms_(std::move(kms)), dynamodb_(std::move(dynamodb)) {}

    void run(std::span<io::Exchange* const> exchanges, SteadyTime deadline) override;

private:
    http::ResponseOrError kms_;
    http::ResponseOrError dynamodb_;
};

/// The signer as `bootstrap` wires it, with a key of each scheme, before services whose answers lie
/// ready. Of the log the line is part of it, its writing is not; nor is the network.
class Signer {
public:
    Signer(http::ResponseOrError kms, http::ResponseOrError dynamodb);

    struct Answered {
        std::string text;
        std::string logged;
    };
    /// From the text of an event to the text of its answer and the line in the log.
    [[nodiscard]] Answered answer(const std::string& event) const;

private:
    test::SealedWorld sealed_;
    test::AwsWorld& cloud_ = sealed_.world;
    tezos_adapters::SealedKeys keys_;
    tezos_adapters::DynamoWatermarkStore store_;
    tezos_adapters::BlsSigner bls_signer_;
    tezos_adapters::KmsSigner kms_signer_;
    tezos_adapters::SignerByScheme signer_;
    ReadyRunner runner_;
    tezos::RemoteSignerApi api_;
    bootstrap::RequestLog log_;
};

}  // namespace redoubt::bench
