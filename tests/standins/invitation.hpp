// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "octez_client.hpp"
#include "payloads.hpp"
#include "setup.hpp"

namespace redoubt::standins {

/// Commands to paste into another terminal: requests with curl, octez-client and the AWS CLI.
/// `last`: the last slot that was baked; the signed request is for a round above it.
[[nodiscard]] std::string invitation(const Setup& setup, const OctezClient& client,
                                     const Slot& last);

}  // namespace redoubt::standins
