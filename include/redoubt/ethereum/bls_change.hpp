// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/network.hpp>
#include <redoubt/ethereum/types.hpp>

/// What turns withdrawal credentials of type 0x00, the hash of a key, into those of an account;
/// once in a validator's life. Source: consensus-specs, capella/beacon-chain.md,
/// BLSToExecutionChange.
namespace redoubt::ethereum {

struct BlsChange {
    ValidatorIndex validator;
    PublicKey from;  // the withdrawal key
    Address to;
    SignatureBytes signature{};
};

/// Signed by the withdrawal key (withdrawal_path()), and checked by check_bls_change(). BadRequest
/// for address zero.
[[nodiscard]] Result<BlsChange> make_bls_change(const crypto::bls::SecretKey& withdrawal_key,
                                                const Network& network, ValidatorIndex validator,
                                                const Address& to);

/// As the beacon API takes it, with the deposit tool's `metadata`.
[[nodiscard]] Json to_json(const BlsChange& change, const Network& network);

/// What is wrong with such an object for that network, as BadRequest that names field and rule;
/// nothing if nothing is. Shares no code with what makes them. (That the key is the validator's,
/// only the chain knows.)
[[nodiscard]] std::optional<Error> check_bls_change(const Json& change, const Network& network);

}  // namespace redoubt::ethereum
