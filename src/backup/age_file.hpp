// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include <redoubt/backup/age.hpp>
#include <redoubt/base/guarded.hpp>

/// An age file as a function of all that it is made of. Nothing outside of this folder includes
/// this: what is drawn at random is not for others to choose.
namespace redoubt::backup {

struct Randomness {
    GuardedBytes file_key;                // 16 bytes
    ByteArray<16> nonce;                  // of the payload
    std::vector<GuardedBytes> ephemeral;  // a secret of 32 bytes for each recipient
};

/// Nothing if a recipient's point is of low order.
[[nodiscard]] std::optional<Bytes> age_file(ByteView plaintext,
                                            std::span<const Recipient> recipients,
                                            const Randomness& random);

/// RFC 7468, strict: the form in which a file is a text.
[[nodiscard]] std::string armoured(ByteView file);

}  // namespace redoubt::backup
