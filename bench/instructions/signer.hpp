// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/adapters/dynamo_watermark_store.hpp>
#include <redoubt/adapters/kms_signer.hpp>
#include <redoubt/http/exchange.hpp>
#include <redoubt/tezos/http_api.hpp>

#include <characters/aws_world.hpp>

namespace redoubt::bench {

/// Hands over answers that lie ready, and does nothing else that would be counted.
class ReadyDriver final : public http::Driver {
public:
    ReadyDriver(http::Answer kms, http::Answer dynamodb)
        : kms_(std::move(kms)), dynamodb_(std::move(dynamodb)) {}

    void run(std::span<http::Dialogue* const> dialogues, SteadyTime deadline) override;

private:
    http::Answer kms_;
    http::Answer dynamodb_;
};

/// The signer as `bootstrap` wires it, with a key of each curve, before services whose answers lie
/// ready. Neither the network nor the log is part of it.
class Signer {
public:
    Signer(http::Answer kms, http::Answer dynamodb);

    /// From the text of an event to the text of its answer.
    [[nodiscard]] std::string answer(const std::string& event) const;

private:
    test::AwsWorld cloud_;
    adapters::DynamoWatermarkStore store_;
    adapters::KmsSigner signer_;
    ReadyDriver driver_;
    tezos::HttpApi api_;
};

}  // namespace redoubt::bench
