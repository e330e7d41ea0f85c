// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <redoubt/adapters/tezos/bls_signer.hpp>
#include <redoubt/adapters/tezos/dynamo_watermark_store.hpp>
#include <redoubt/adapters/tezos/kms_signer.hpp>
#include <redoubt/tezos/remote_signer_api.hpp>

#include "handlers/tezos_setup.hpp"

namespace redoubt::bootstrap {

/// Answers requests of a baker, and `{"redoubt":{"command":"warm"}}` from a schedule.
class TezosSigner final : public Handler {
public:
    /// The setup has its keys, and `sealed` is about those of them that are sealed.
    TezosSigner(std::unique_ptr<TezosSetup> setup,
                std::unique_ptr<tezos_adapters::SealedKeys> sealed, const Clock& clock);

    [[nodiscard]] Outcome handle(const lambda::Event& event, SteadyTime deadline) override;
    [[nodiscard]] Outcome internal_error(const lambda::Event& event,
                                         std::string detail) const override;
    [[nodiscard]] bool holds_secrets() const override {
        return !setup_->config.sealed_keys.empty();
    }
    [[nodiscard]] std::span<const Metric> metrics() const override;

private:
    [[nodiscard]] Outcome on_request(const lambda::HttpEvent& event, SteadyTime deadline) const;
    [[nodiscard]] Outcome warm(SteadyTime deadline);

    std::unique_ptr<TezosSetup> setup_;
    std::unique_ptr<tezos_adapters::SealedKeys> sealed_;
    tezos_adapters::DynamoWatermarkStore store_;
    tezos_adapters::KmsSigner kms_signer_;
    tezos_adapters::BlsSigner bls_signer_;
    tezos_adapters::SignerByScheme signer_;
    tezos::RemoteSignerApi api_;
};

/// With its sealed keys tried and its connections open.
[[nodiscard, gnu::cold]] NewHandler make_tezos_signer(const Environment& environment,
                                                      const Clock& clock);

}  // namespace redoubt::bootstrap
