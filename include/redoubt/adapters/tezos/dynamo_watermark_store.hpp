// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <redoubt/aws/service.hpp>
#include <redoubt/tezos/ports.hpp>

namespace redoubt::tezos_adapters {

/// Watermarks in a DynamoDB table, moved by one conditional UpdateItem, never read first. The
/// service outlives it.
class DynamoWatermarkStore final : public tezos::WatermarkStore {
public:
    DynamoWatermarkStore(aws::Service& dynamodb, std::string table);

    [[nodiscard]] std::optional<Error> refuses(
        const tezos::SigningPosition& position) const override;
    [[nodiscard]] std::unique_ptr<tezos::PendingCommit> begin(tezos::Proposal proposal) override;

private:
    aws::Service& dynamodb_;
    std::string table_;
    tezos::LowerBound lower_bound_;
};

}  // namespace redoubt::tezos_adapters
