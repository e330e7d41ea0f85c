// SPDX-License-Identifier: Apache-2.0
#include "new_keystores.hpp"

#include <redoubt/base/random.hpp>

namespace redoubt::ethereum_operator {
namespace {

/// 26 letters a digit: 32 of them are 150 bits.
GuardedBytes make_password() {
    GuardedBytes password(32);
    for (Byte& letter : password.bytes()) {
        do {
            fill_with_random({&letter, 1});
        } while (letter >= 234);  // 9 times 26: so that none is more likely
        letter = static_cast<Byte>('a' + letter % 26);
    }
    return password;
}

}  // namespace

Result<NewKeystores> begin_keystores(std::span<const backup::Recipient> recipients) {
    const GuardedBytes password = make_password();
    auto encrypted = backup::encrypt(password.view(), recipients);
    if (!encrypted) return std::unexpected(encrypted.error());
    auto writer =
        ethereum::KeystoreWriter::begin(text_of(password.view()), ethereum::KeystoreKdf::Scrypt);
    if (!writer) return std::unexpected(writer.error());
    return NewKeystores{std::move(*writer), std::move(*encrypted)};
}

}  // namespace redoubt::ethereum_operator
