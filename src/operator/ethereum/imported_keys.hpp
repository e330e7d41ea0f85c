// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/types.hpp>
#include <redoubt/operator/ethereum/commands.hpp>

namespace redoubt::ethereum_operator {

/// What KMS encrypted on an operator's machine, for a public key and for this table.
struct ImportedKey {
    ethereum::PublicKey key;  // which it is said to be
    Bytes ciphertext;
    // At most one of the two.
    std::optional<std::string> path;      // it is a mnemonic, and the key is at that path
    std::optional<std::string> keystore;  // it is the password of that file, by EIP-2335
};

struct ImportedKeys {
    aws::KeyArn kms_key;
    std::vector<ImportedKey> keys;
};

/// `kms_key` and `keys`, 1 to 25. Error: bad_request.
[[nodiscard]] Result<ImportedKeys> read_imported_keys(const Json& fields, const Context& context);

/// A secret that came in, and what is backed up of it.
struct ImportedSecret {
    crypto::bls::SecretKey secret;
    GuardedBytes line;  // the mnemonic, if it gives this key at the usual path; else the secret
};
/// Each is that of its public key. Errors: kms_refused, kms_unavailable, bad_request, the first of
/// them with the public key.
[[nodiscard]] Result<std::vector<ImportedSecret>> open_imported_keys(const Context& context,
                                                                     const ImportedKeys& imported,
                                                                     SteadyTime deadline);

}  // namespace redoubt::ethereum_operator
