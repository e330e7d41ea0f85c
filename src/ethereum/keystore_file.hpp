// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <redoubt/base/result.hpp>
#include <redoubt/crypto/kdf.hpp>
#include <redoubt/ethereum/keystore.hpp>
#include <redoubt/ethereum/types.hpp>

/// What is in a keystore's JSON: read strictly, and written.
namespace redoubt::ethereum {

using Kdf = std::variant<crypto::Scrypt, crypto::Pbkdf2>;

struct KeystoreFile {
    Kdf kdf;     // within the bounds of cost, but maybe weak
    Bytes salt;  // 16 to 64 bytes
    ByteArray<32> checksum{};
    ByteArray<16> iv{};
    ByteArray<32> cipher_text{};
    std::optional<PublicKey> public_key;
    std::string path;  // may be empty, and says nothing that counts
    std::string uuid;
};

/// BadRequest with member and rule named.
[[nodiscard]] Result<KeystoreFile> parse_keystore(std::string_view json);
[[nodiscard]] std::string to_json(const KeystoreFile& file);

/// By the deposit tool's measure.
[[nodiscard]] bool is_weak(const Kdf& kdf);

}  // namespace redoubt::ethereum
