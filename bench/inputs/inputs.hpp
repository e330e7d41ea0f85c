// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <redoubt/aws/endpoint.hpp>
#include <redoubt/http/message.hpp>
#include <redoubt/tezos/payload.hpp>
#include <redoubt/tezos/watermark.hpp>

#include <fakes/fake_clock.hpp>
#include <fakes/secret_key.hpp>

/// What is measured, measured again and compared: keys, messages and answers that never change, of
/// the sizes that they have in production.
namespace redoubt::bench {

using test::SecretKey;
using tezos::ConsensusKind;
using tezos::SignatureScheme;

inline constexpr std::string_view table_name = "redoubt-watermarks";
inline constexpr Byte bls_seed = 0x42;

/// That of BLS is the one which `bls_seed` names in a test::SealedWorld.
[[nodiscard]] SecretKey consensus_key(SignatureScheme scheme);
[[nodiscard]] SecretKey authorized_key(SignatureScheme scheme);
[[nodiscard]] aws::KeyArn key_arn(SignatureScheme scheme);
/// As long as those that Lambda gives to a function.
[[nodiscard]] std::string session_token();

/// A consensus message of that kind, at one level in round 0, as keys of that scheme sign it.
[[nodiscard]] Bytes payload(ConsensusKind kind,
                            SignatureScheme scheme = SignatureScheme::Secp256k1);
/// Where such a message is committed.
[[nodiscard]] tezos::SigningPosition slot(const tezos::KeyHash& key, ConsensusKind kind);
/// The text that the holder of `baker` sends with it.
[[nodiscard]] std::string authentication(const SecretKey& baker, const tezos::KeyHash& key,
                                         ByteView payload);

/// A Function URL's event (payload 2.0) with what a baker asks.
[[nodiscard]] std::string post_event(const std::string& address, const std::string& authentication,
                                     ByteView payload);
[[nodiscard]] std::string get_event(const std::string& path);

/// What KMS answers to Sign; of ECDSA with a high s, which has to be lowered.
[[nodiscard]] Bytes signature_of_kms(const SecretKey& key, const tezos::Digest& digest);
[[nodiscard]] http::Response kms_answer(const SecretKey& key, const tezos::Digest& digest);

/// The row of a message that was committed just now.
[[nodiscard]] tezos::Row row_of(const SecretKey& key, ConsensusKind kind);
/// What DynamoDB answers to its commit.
[[nodiscard]] http::Response committed_answer(const SecretKey& key, ConsensusKind kind);
/// What it answers if other bytes were committed for the same slot.
[[nodiscard]] http::Response refused_answer(const SecretKey& key, ConsensusKind kind);

}  // namespace redoubt::bench
