// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <redoubt/adapters/ethereum/callers.hpp>
#include <redoubt/adapters/ethereum/dynamo_validator_store.hpp>
#include <redoubt/adapters/ethereum/sealed_signer.hpp>
#include <redoubt/ethereum/web3signer_api.hpp>

#include "handlers/ethereum_setup.hpp"
#include "handlers/handler.hpp"

namespace redoubt::bootstrap {

/// Answers requests of validator clients.
class EthereumSigner final : public Handler {
public:
    EthereumSigner(std::unique_ptr<EthereumSetup> setup, const Clock& clock);

    /// Before the first request.
    void prepare();

    [[nodiscard]] Outcome handle(const lambda::Event& event, SteadyTime deadline) override;
    [[nodiscard]] Outcome internal_error(const lambda::Event& event,
                                         std::string detail) const override;
    void after_answer(SteadyTime deadline) override;
    [[nodiscard]] bool holds_secrets() const override { return true; }
    [[nodiscard]] std::span<const Metric> metrics() const override;

private:
    [[nodiscard]] ethereum::Doors doors();

    std::unique_ptr<EthereumSetup> setup_;
    const Clock& clock_;
    ethereum_adapters::ValidatorCache cache_;
    ethereum_adapters::OpenedWraps wraps_;
    ethereum_adapters::DynamoValidatorStore store_;
    ethereum_adapters::SealedSigner signer_;
    ethereum_adapters::Callers callers_;
    ethereum::Web3SignerApi api_;
};

/// With its table known and a wrap open, if that takes no longer than a second.
[[nodiscard, gnu::cold]] NewHandler make_ethereum_signer(const Environment& environment,
                                                         const Clock& clock);

}  // namespace redoubt::bootstrap
