// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <redoubt/aws/endpoint.hpp>
#include <redoubt/aws/operation.hpp>
#include <redoubt/base/guarded.hpp>

/// What AWS KMS does with symmetric keys (ENCRYPT_DECRYPT, SYMMETRIC_DEFAULT): secrets of up to
/// 4 KB, each bound to a context. Source: AWS KMS API reference, Encrypt, Decrypt, GenerateRandom.
///
/// A plaintext is in guarded memory only. On its way it passes through buffers of HTTP and TLS,
/// which are wiped once it has passed.
namespace redoubt::aws::kms {

/// Plain names and values, none empty and no name twice: who decrypts has to give the same ones.
/// They are not secret: CloudTrail and key policies see them.
using EncryptionContext = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] Operation encrypt(Service& kms, const KeyArn& key, ByteView plaintext,
                                const EncryptionContext& context);
/// Errors: kms_refused if the reply is about another key or algorithm, or has no ciphertext.
[[nodiscard]] Result<Bytes> read_ciphertext(const Reply& reply, const KeyArn& key);

/// Never hedged: an alarm counts what is decrypted.
[[nodiscard]] Operation decrypt(Service& kms, const KeyArn& key, ByteView ciphertext,
                                const EncryptionContext& context);
/// What `decrypt` gave, once, after it was run. Errors: those of the operation, with the key's ARN
/// in their detail; kms_refused if the reply is about another key or algorithm, or has no
/// plaintext.
[[nodiscard]] Result<GuardedBytes> read_plaintext(Operation& decrypt, const KeyArn& key);
/// The same of one that has that size; else kms_refused.
[[nodiscard]] Result<GuardedBytes> read_plaintext(Operation& decrypt, const KeyArn& key,
                                                  std::size_t size);

/// The same of a plaintext of any size that KMS encrypts.
[[nodiscard]] Result<GuardedBytes> read_any_plaintext(Operation& decrypt, const KeyArn& key);

/// `size` is 1 to 1024.
[[nodiscard]] Operation generate_random(Service& kms, std::size_t size);
/// What `generate_random` gave, once, after it was run. Errors: those of the operation; kms_refused
/// if there are not that many bytes.
[[nodiscard]] Result<GuardedBytes> read_random(Operation& generate_random, std::size_t size);

/// An error of an operation on that key, with the ARN in its detail.
[[nodiscard]] Error about(const KeyArn& key, Error error);

}  // namespace redoubt::aws::kms
