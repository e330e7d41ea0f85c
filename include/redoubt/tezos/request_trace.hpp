// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/http/exchange.hpp>
#include <redoubt/tezos/payload.hpp>

namespace redoubt::tezos {

/// What the log may know of a request: no payload, no authentication.
struct RequestTrace {
    std::string route;    // e.g. "POST /keys"
    std::string address;  // the key asked to sign or shown
    /// What it took, once it was passed.
    std::optional<std::chrono::duration<double, std::milli>> authentication;
    std::optional<ConsensusMessage> message;
    http::CallStats kms;
    http::CallStats table;
    /// Of a commit that was written: how far beyond the row's its pace is, see Applied.
    std::optional<Milliseconds> ahead;
};

}  // namespace redoubt::tezos
