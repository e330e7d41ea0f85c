// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/json.hpp>

namespace redoubt::standins {

/// A fresh key of KMS' SYMMETRIC_DEFAULT: AES-256-GCM, with the encryption context as what is
/// authenticated beside. A ciphertext names its key, as those of KMS do.
class SymmetricKey {
public:
    explicit SymmetricKey(std::string id);

    /// `context` is an object of texts.
    [[nodiscard]] Bytes encrypt(ByteView plaintext, const Json& context) const;
    /// Nothing for what this key never made with that context.
    [[nodiscard]] std::optional<Bytes> decrypt(ByteView ciphertext, const Json& context) const;

    /// The id of the key that a ciphertext names; empty for what is none.
    [[nodiscard]] static std::string id_in(ByteView ciphertext);

private:
    std::string id_;
    Bytes key_;
};

}  // namespace redoubt::standins
