// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include <redoubt/access/grant.hpp>
#include <redoubt/ethereum/ports.hpp>

namespace redoubt::ethereum {

/// What signing uses; all outlive it.
struct Ports {
    ValidatorStore& store;
    Signer& signer;
    io::ExchangeRunner& runner;
    /// The wall clock, as corrected as it can be.
    std::function<WallTime()> now;
};

/// What is asked for, and by whom.
struct SignCommand {
    std::optional<PublicKey> key;  // nothing: what was named is none
    std::string_view body;
    const access::Caller& caller;
};

/// What is signed here at all.
struct SignRules {
    Network network;
    bool gloas_draft = false;
};

/// What the log may know of a signing request: no message but what it is about. Each stage adds
/// what it knows.
struct SigningTrace {
    std::optional<MessageType> type;
    std::optional<Duty> duty;  // once it is for this network
    std::optional<Root> root;
    bool was_open = false;  // the key, when it was asked for
    io::CallStats table;
    io::CallStats signer;
};

struct SignOutcome {
    Result<Signature> signature;
    SigningTrace trace;
};

/// The use case: reads a request, looks whether its caller may have that signed with that key, and
/// whether network and time allow it; commits what can be slashed; has it signed, and releases the
/// signature; or says why not. Blocks until done or until `deadline`. With an open key it signs
/// while the commit is under way. Errors: those of `parse_signing_request`, `refuse_ahead`, the
/// store and the signer; not_permitted; unknown_key; key_disabled.
[[nodiscard]] SignOutcome sign(const SignCommand& command, const SignRules& rules,
                               const Ports& ports, SteadyTime deadline);

}  // namespace redoubt::ethereum
