// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/io/call_stats.hpp>
#include <redoubt/tezos/payload.hpp>

/// What the log may know of a request: no payload, no authentication. Each stage returns what it
/// knows with its result.
namespace redoubt::tezos {

struct SigningTrace {
    /// What it took, once it was passed.
    std::optional<std::chrono::duration<double, std::milli>> authentication;
    std::string authorized_key;  // the address of the one that signed the request
    std::optional<ConsensusMessage> message;
    std::optional<Digest> digest;  // once it was given to the signer
    io::CallStats signer;
    io::CallStats table;
    /// Of a commit that was written: how far beyond the row's its pace is, see Applied.
    std::optional<Milliseconds> ahead;
};

struct RequestTrace {
    std::string route;    // e.g. "POST /keys"
    std::string address;  // the key asked to sign or shown
    SigningTrace signing;
};

}  // namespace redoubt::tezos
