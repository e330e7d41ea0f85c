// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/base/clock.hpp>
#include <redoubt/ethereum/signing_request.hpp>

namespace redoubt::ethereum {

/// Why a message is for too late a time to be signed `now`; nothing if it is not, whatever lies
/// behind. So nobody can push a watermark further than the next slot or epoch.
///
/// | message                                               | up to                        |
/// |-------------------------------------------------------|------------------------------|
/// | block                                                 | the next slot                |
/// | attestation                                           | next slot, target next epoch |
/// | aggregate, contribution, payload attestation          | the next slot                |
/// | RANDAO, selection proofs, sync messages, preferences  | the end of the next epoch    |
/// | exit                                                  | this epoch                   |
/// | registration, deposit                                 | say no time                  |
///
/// Before genesis it is slot 0. Error: too_far_ahead.
[[nodiscard]] std::optional<Error> refuse_ahead(MessageType type, const Duty& duty,
                                                const Network& network, WallTime now);

}  // namespace redoubt::ethereum
