// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/adapters/ethereum/validator_table.hpp>
#include <redoubt/crypto/bls.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

namespace redoubt::ethereum_operator {

/// The name by which Ethereum knows a key.
[[nodiscard]] ethereum::PublicKey name_of(const crypto::PublicKey& key);

/// Secrets of the table, opened as a signer opens them: one round of KMS a wrap.
struct OpenedKeys {
    std::vector<Result<crypto::bls::SecretKey>> secrets;  // in the order of the keys, or why not
    /// KMS keys whose share was wrong, though enough others were right.
    std::vector<std::string> wrong_shares;
};
/// Errors, of each: bad_request (it has none), wrap_unavailable, wrap_refused, damaged_key,
/// credentials_expired.
[[nodiscard]] OpenedKeys open_keys(const Context& context,
                                   const std::vector<ethereum_adapters::Validator>& validators,
                                   SteadyTime deadline);

}  // namespace redoubt::ethereum_operator
