// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <redoubt/base/result.hpp>
#include <redoubt/crypto/bls.hpp>

/// A validator's secret in a file that a password opens: EIP-2335, version 4. What leaves is read
/// by other signers; what comes in is a stranger's, who may ask for any amount of work.
namespace redoubt::ethereum {

/// Whether a file is opened whose password is cheap to guess by trying: by fewer steps than the
/// deposit tool takes, scrypt with n r p below 2^20, or PBKDF2 with fewer than 2^18 rounds.
enum class WeakKdf : std::uint8_t { Refused, Accepted };

/// BadRequest, with member and rule named and nothing of the secret, for what is not such a file or
/// of more than 16 KB; for other functions than scrypt, PBKDF2 with HMAC-SHA256, SHA-256 and
/// AES-128-CTR; for parameters that are weak, or cost more than 256 MB or four seconds or so; for
/// another password; and for a `pubkey`, if there is one, that is not the secret's. The password is
/// UTF-8 of up to 1 KB.
[[nodiscard]] Result<crypto::bls::SecretKey> open_keystore(std::string_view json,
                                                           std::string_view password,
                                                           WeakKdf weak = WeakKdf::Refused);

enum class KeystoreKdf : std::uint8_t {
    Scrypt,  // n = 2^18, r = 8, p = 1: 256 MB, and about a second
    Pbkdf2,  // 2^18 rounds: a tenth of that, and no memory
};

/// Writes keystores of one password, for which it works once: as the deposit tool's, they share
/// their salt, so that whoever knows the password of one opens them all, as fast.
class KeystoreWriter {
public:
    /// BadRequest for a password of fewer than 12 characters, which the deposit tool does not take
    /// either. Takes as long as opening one keystore.
    [[nodiscard]] static Result<KeystoreWriter> begin(std::string_view password, KeystoreKdf kdf);

    /// The secret of the key at `path` (of EIP-2334), with an iv and a uuid of its own. Decrypted
    /// once more before it is returned; Internal if it were another secret then.
    [[nodiscard]] Result<std::string> write(const crypto::bls::SecretKey& secret,
                                            std::string_view path) const;

private:
    KeystoreWriter(KeystoreKdf kdf, const ByteArray<32>& salt, GuardedBytes key)
        : kdf_(kdf), salt_(salt), key_(std::move(key)) {}

    KeystoreKdf kdf_;
    ByteArray<32> salt_;
    GuardedBytes key_;
};

}  // namespace redoubt::ethereum
