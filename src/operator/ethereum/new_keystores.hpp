// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include <redoubt/backup/age.hpp>
#include <redoubt/ethereum/keystore.hpp>

/// Secrets that leave, as other signers take them. Nothing of this writes.
namespace redoubt::ethereum_operator {

/// Keystores of one new password, which nobody sees but who can decrypt it.
struct NewKeystores {
    ethereum::KeystoreWriter writer;
    std::string password;  // armoured age
};

/// With a password of 150 random bits. Takes scrypt's second, and its 256 MB. Errors: bad_request
/// (recipients), internal.
[[nodiscard]] Result<NewKeystores> begin_keystores(std::span<const backup::Recipient> recipients);

}  // namespace redoubt::ethereum_operator
