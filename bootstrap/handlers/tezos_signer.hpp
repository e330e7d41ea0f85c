// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/tezos/http_api.hpp>

#include "cloud.hpp"
#include "config/config.hpp"
#include "handlers/handler.hpp"

namespace redoubt::bootstrap {

/// Answers requests of a baker, and `{"redoubt":{"command":"warm"}}` from a schedule.
class SignerFunction final : public Function {
public:
    SignerFunction(const Config& config, tezos::Keys keys, Cloud& cloud, const Clock& clock);

    [[nodiscard]] Outcome answer(const Json& event, SteadyTime deadline) override;
    [[nodiscard]] Outcome internal_error(const Json& event, std::string detail) const override;

private:
    [[nodiscard]] Outcome answer_request(const Json& event, SteadyTime deadline) const;

    Cloud& cloud_;
    adapters::DynamoWatermarkStore store_;
    adapters::KmsSigner signer_;
    tezos::HttpApi api_;
};

}  // namespace redoubt::bootstrap
