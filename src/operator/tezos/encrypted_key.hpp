// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/crypto/bls.hpp>
#include <redoubt/operator/tezos/commands.hpp>

namespace redoubt::tezos_operator {

/// A key's text that KMS encrypted on an operator's machine, for this table.
struct EncryptedKey {
    tezos::KeyInfo key;  // which it is said to be
    aws::KeyArn kms_key;
    Bytes ciphertext;
};

/// `public_key`, `kms_key` and `ciphertext`. Error: bad_request.
[[nodiscard]] Result<EncryptedKey> read_encrypted_key(const Json& fields, const Context& context);

/// Its secret, which is that of the public key. Errors: kms_refused, kms_unavailable, bad_request
/// (what was encrypted is no secret key, or another's).
[[nodiscard]] Result<crypto::bls::SecretKey> open_encrypted_key(const Context& context,
                                                                const EncryptedKey& encrypted,
                                                                SteadyTime deadline);

}  // namespace redoubt::tezos_operator
