// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <redoubt/base/result.hpp>
#include <redoubt/tezos/keys.hpp>

namespace redoubt::tezos {

/// POST /keys/<address>, read but not yet believed.
struct SignCommand {
    const KeyInfo& key;  // the consensus key asked to sign
    Bytes payload;
    std::optional<std::string> authentication;  // base58, as sent
};

/// A command that an authorized key has signed. Only `authenticate` makes one.
class Authenticated {
public:
    [[nodiscard]] const KeyInfo& key() const { return command_.key; }
    [[nodiscard]] const Bytes& payload() const { return command_.payload; }
    /// The authorized key that did.
    [[nodiscard]] const KeyInfo& signed_by() const { return signed_by_; }

private:
    friend Result<Authenticated> authenticate(SignCommand command, const Keys& authorized);
    Authenticated(SignCommand command, const KeyInfo& signed_by)
        : command_(std::move(command)), signed_by_(signed_by) {}

    SignCommand command_;
    const KeyInfo& signed_by_;
};

/// The message that an authorized key signs (tz4 as it is, the others its digest): 04 01, the
/// binary address of the key asked to sign, the payload. Source: octez
/// src/lib_signer_services/signer_messages.ml.
[[nodiscard]] Bytes authentication_message(const KeyHash& key, ByteView payload);

/// `authorized` outlives what is made. Errors: authentication_missing, authentication_invalid.
[[nodiscard]] Result<Authenticated> authenticate(SignCommand command, const Keys& authorized);

}  // namespace redoubt::tezos
