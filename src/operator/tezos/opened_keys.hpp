// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/adapters/tezos/sealed_keys.hpp>
#include <redoubt/operator/tezos/commands.hpp>

namespace redoubt::tezos_operator {

/// Keys of the table, opened as a signer opens them; or why they are not.
class OpenedKeys {
public:
    OpenedKeys(const Context& context, tezos::Keys keys, SteadyTime deadline);
    OpenedKeys(const OpenedKeys&) = delete;
    OpenedKeys& operator=(const OpenedKeys&) = delete;
    ~OpenedKeys() = default;

    [[nodiscard]] const tezos::Keys& keys() const { return keys_; }
    /// Of one of them. Errors: wrap_unavailable, wrap_refused, damaged_key, credentials_expired.
    [[nodiscard]] Result<const crypto::bls::SecretKey*> find(const tezos::KeyInfo& key) const {
        return sealed_.find(key);
    }
    /// KMS keys whose share was wrong, though enough others were right.
    [[nodiscard]] const std::vector<std::string>& wrong_shares() const { return wrong_shares_; }

private:
    /// AWS's time, where a clock of the machine is asked for.
    class AwsTime final : public Clock {
    public:
        explicit AwsTime(const aws::CorrectedClock& clock) : clock_(clock) {}
        [[nodiscard]] WallTime wall() const override { return clock_.now(); }
        [[nodiscard]] SteadyTime steady() const override { return clock_.steady(); }

    private:
        const aws::CorrectedClock& clock_;
    };

    tezos::Keys keys_;
    AwsTime time_;
    std::vector<std::string> wrong_shares_;
    tezos_adapters::SealedKeys sealed_;
};

}  // namespace redoubt::tezos_operator
