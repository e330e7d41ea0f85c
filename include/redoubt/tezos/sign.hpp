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
    http::ExchangeRunner& runner;
    const Clock& clock;
};

/// Signs an authenticated consensus message, or says why not. Blocks until done or until
/// `deadline`. Votes are committed while KMS signs; blocks are signed first and stored with their
/// signature.
[[nodiscard]] Result<Signature> sign(const Authenticated& request, const Ports& ports,
                                     SteadyTime deadline, RequestTrace& trace);

}  // namespace redoubt::tezos
