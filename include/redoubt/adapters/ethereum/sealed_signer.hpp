// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/ethereum/opened_wraps.hpp>
#include <redoubt/adapters/ethereum/validator_cache.hpp>
#include <redoubt/ethereum/ports.hpp>

namespace redoubt::ethereum_adapters {

/// Signs here, with keys that the table brought sealed; each signature is verified before anybody
/// sees it. All outlive it.
class SealedSigner final : public ethereum::Signer {
public:
    SealedSigner(ValidatorCache& cache, OpenedWraps& wraps, const Clock& clock)
        : cache_(cache), wraps_(wraps), clock_(clock) {}

    [[nodiscard]] bool is_open(const ethereum::PublicKey& key) const override {
        return cache_.is_open(key);
    }
    [[nodiscard]] std::optional<Error> open(const ethereum::PublicKey& key,
                                            SteadyTime deadline) override;
    [[nodiscard]] std::unique_ptr<ethereum::PendingSignature> begin(
        const ethereum::PublicKey& key, const ethereum::Root& root) override;

private:
    ValidatorCache& cache_;
    OpenedWraps& wraps_;
    const Clock& clock_;
};

}  // namespace redoubt::ethereum_adapters
