// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/aws/endpoint.hpp>
#include <redoubt/aws/operation.hpp>
#include <redoubt/crypto/public_key.hpp>

/// AWS KMS: what it does with keys that sign; seal.hpp has what it does with those that encrypt.
/// Source: AWS KMS API reference, Sign and GetPublicKey.
namespace redoubt::aws::kms {

[[nodiscard]] ServiceTraits traits();

/// Asks for a signature over `digest`: ECDSA over the digest itself, or pure Ed25519 with the
/// digest as its message.
[[nodiscard]] Operation sign(Service& kms, const KeyArn& key, crypto::SignatureScheme scheme,
                             const crypto::Digest& digest);
/// The signature in the reply of `sign`, with a low s, not yet verified. Errors: kms_refused if the
/// reply is about another key or algorithm, bad_signature.
[[nodiscard]] Result<crypto::RawSignature> read_signature(const Reply& reply, const KeyArn& key,
                                                          crypto::SignatureScheme scheme);

[[nodiscard]] Operation get_public_key(Service& kms, const KeyArn& key);
/// Errors: kms_refused if the reply is about another key, or one that is not for signing or of no
/// scheme that Tezos knows.
[[nodiscard]] Result<crypto::PublicKey> read_public_key(const Reply& reply, const KeyArn& key);

}  // namespace redoubt::aws::kms
