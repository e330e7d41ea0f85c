// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/result.hpp>
#include <redoubt/tezos/authentication.hpp>
#include <redoubt/tezos/ports.hpp>
#include <redoubt/tezos/request_trace.hpp>

namespace redoubt::tezos {

/// What signing uses; all outlive it.
struct Ports {
    WatermarkStore& store;
    Signer& signer;
    io::ExchangeRunner& runner;
    const Clock& clock;
};

struct SignOutcome {
    Result<Signature> signature;
    SigningTrace trace;
};

/// The use case: authenticates a command, reads its payload, has the key prepared, commits, has it
/// signed, and releases the signature; or says why not. Blocks until done or until `deadline`.
/// Votes are committed while the key signs; blocks are signed first and stored with their
/// signature. Errors: those of `authenticate`, `parse_payload`, the store and the signer.
[[nodiscard]] SignOutcome sign(SignCommand command, const Keys& authorized, const Ports& ports,
                               SteadyTime deadline);

/// The same from there on where a command is authenticated. (The exhaustion and the simulation
/// begin here: it saves them half of their time.)
[[nodiscard]] SignOutcome sign(const Authenticated& command, const Ports& ports,
                               SteadyTime deadline);

}  // namespace redoubt::tezos
