// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/bytes.hpp>
#include <redoubt/tezos/payload.hpp>
#include <redoubt/tezos/types.hpp>

/// Consensus messages as a baker of protocol 025 makes them; hashes and the like are random.
namespace redoubt::standins {

struct Slot {
    tezos::ChainId chain;
    std::uint32_t level = 0;
    std::uint32_t round = 0;
};

/// An unsigned block header. From round 1 on with a locked round; `seed`: with a seed nonce hash.
[[nodiscard]] Bytes block_payload(const Slot& slot, bool seed);

/// By the layout that keys of that scheme sign: votes of tz4 keys name no slot of the committee.
[[nodiscard]] Bytes preattestation_payload(const Slot& slot, crypto::SignatureScheme scheme);

/// `dal_bytes`: size of the DAL content; 0 for an attestation without. That of a tz4 key never has
/// it in what is signed.
[[nodiscard]] Bytes attestation_payload(const Slot& slot, crypto::SignatureScheme scheme,
                                        std::size_t dal_bytes);

}  // namespace redoubt::standins
