// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <redoubt/base/clock.hpp>
#include <redoubt/http/exchange.hpp>
#include <redoubt/tezos/payload.hpp>

namespace redoubt::tezos {

/// What the log may know of a request: no payload, no authentication.
struct Record {
    std::string route;    // e.g. "POST /keys"
    std::string address;  // the key asked to sign or shown
    std::optional<ConsensusMessage> message;
    http::Effort authentication;
    http::Effort kms;
    http::Effort table;
};

}  // namespace redoubt::tezos
