// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/tezos/remote_signer_api.hpp>

#include "handlers/tezos_setup.hpp"

namespace redoubt::bootstrap {

/// Answers requests of a baker, and `{"redoubt":{"command":"warm"}}` from a schedule.
class TezosSigner final : public Handler {
public:
    TezosSigner(std::unique_ptr<TezosSetup> setup, const Clock& clock);

    [[nodiscard]] Outcome handle(const lambda::Event& event, SteadyTime deadline) override;
    [[nodiscard]] Outcome internal_error(const lambda::Event& event,
                                         std::string detail) const override;
    [[nodiscard]] std::span<const Metric> metrics() const override;

private:
    [[nodiscard]] Outcome on_request(const lambda::HttpEvent& event, SteadyTime deadline) const;
    [[nodiscard]] Outcome warm(SteadyTime deadline);

    std::unique_ptr<TezosSetup> setup_;
    tezos_adapters::DynamoWatermarkStore store_;
    tezos_adapters::KmsSigner signer_;
    tezos::RemoteSignerApi api_;
};

/// With its connections open.
[[nodiscard, gnu::cold]] NewHandler make_tezos_signer(const Environment& environment,
                                                      const Clock& clock);

}  // namespace redoubt::bootstrap
