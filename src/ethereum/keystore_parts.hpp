// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystore_file.hpp"

/// What keystores are made of, with the random numbers and the cost given.
namespace redoubt::ethereum {

/// EIP-2335's password: NFKD without control codes, in UTF-8. Nothing for what is no UTF-8, or is
/// longer than 1 KB.
[[nodiscard]] std::optional<GuardedBytes> normal_password(std::string_view password);

/// What takes its time: 32 bytes of the password, which has been normalised.
[[nodiscard]] GuardedBytes decryption_key(const Kdf& kdf, ByteView salt, ByteView password);

struct KeystoreRandomness {
    ByteArray<32> salt{};  // the one that the key was made with
    ByteArray<16> iv{};
    ByteArray<16> uuid{};
};
[[nodiscard]] KeystoreFile encrypted(const KeystoreRandomness& random, const Kdf& kdf,
                                     const GuardedBytes& key, const crypto::bls::SecretKey& secret,
                                     std::string_view path);

/// BadRequest for another password's key, and for a `pubkey` that is not the secret's.
[[nodiscard]] Result<crypto::bls::SecretKey> decrypted(const KeystoreFile& file,
                                                       const GuardedBytes& key);

}  // namespace redoubt::ethereum
