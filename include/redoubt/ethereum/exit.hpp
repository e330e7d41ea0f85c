// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/network.hpp>
#include <redoubt/ethereum/types.hpp>

/// What ends a validator's life, for ever, signed in advance by its own key. Source:
/// consensus-specs, phase0/beacon-chain.md, VoluntaryExit; EIP-7044 makes it valid for ever.
namespace redoubt::ethereum {

struct SignedExit {
    Epoch epoch;  // from which it is valid
    ValidatorIndex validator;
    SignatureBytes signature{};
};

/// Checked by check_exit().
[[nodiscard]] Result<SignedExit> make_exit(const crypto::bls::SecretKey& secret,
                                           const Network& network, Epoch epoch,
                                           ValidatorIndex validator);

/// As the beacon API takes it.
[[nodiscard]] Json to_json(const SignedExit& exit);

/// What is wrong with such an object of `key` for that network, as BadRequest that names field and
/// rule; nothing if nothing is. Shares no code with what makes them.
[[nodiscard]] std::optional<Error> check_exit(const Json& exit, const PublicKey& key,
                                              const Network& network);

}  // namespace redoubt::ethereum
