// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include <redoubt/base/result.hpp>
#include <redoubt/tezos/types.hpp>

namespace redoubt::tezos {

/// Kinds that share a watermark. Attestations with and without DAL content slash each other, so
/// they are one kind.
enum class ConsensusKind { Block, Preattestation, Attestation };
inline constexpr std::array all_kinds = {ConsensusKind::Block, ConsensusKind::Preattestation,
                                         ConsensusKind::Attestation};

/// As in a row's scope and in the log: `block`, `preattestation`, `attestation`.
[[nodiscard]] std::string_view name(ConsensusKind kind);

/// What a consensus message says about its place in the chain.
struct ConsensusMessage {
    ConsensusKind kind{};
    ChainId chain;
    Position at;
};

/// The longest DAL content taken: 925 bits under protocols 025 and alpha (5 bits of prefix, then 5
/// lags of 23 chunks of 8 bits), at 7 bits a byte.
inline constexpr std::size_t max_dal_bytes = 133;

/// Reads the bytes that a key of that scheme is asked to sign: the magic byte, the chain id, then
/// an unsigned block header, preattestation or attestation, in the one legal layout. Errors:
/// kind_not_allowed, bad_payload.
[[nodiscard]] Result<ConsensusMessage> parse_payload(ByteView payload, SignatureScheme scheme);

}  // namespace redoubt::tezos
