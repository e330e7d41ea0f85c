// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/authentication.hpp>

#include <algorithm>

namespace redoubt::tezos {

Bytes authentication_message(const KeyHash& key, ByteView payload) {
    Bytes message = {0x04, 0x01, tag_of(key.scheme)};
    append(message, key.hash);
    append(message, payload);
    return message;
}

Result<Authenticated> authenticate(SignCommand command, const Keys& authorized) {
    if (!command.authentication) {
        return fail(Code::AuthenticationMissing,
                    "sign the request with an authorized key (octez-client does, once it holds one "
                    "of the keys that GET /authorized_keys lists)");
    }
    const auto signature = parse_signature(*command.authentication);
    if (!signature) {
        return fail(Code::AuthenticationInvalid,
                    "`authentication` is not an edsig, spsig1, p2sig, BLsig or sig text");
    }
    const Bytes bytes = authentication_message(command.key.hash, command.payload);
    const Message message = crypto::message_of(bytes);
    const auto signed_by = std::ranges::find_if(authorized, [&](const KeyInfo& key) {
        return (!signature->scheme || *signature->scheme == key.public_key.scheme()) &&
               key.public_key.verify(message, signature->raw, crypto::HighS::AcceptedOnP256);
    });
    if (signed_by == authorized.end()) {
        return fail(Code::AuthenticationInvalid,
                    "no authorized key made this signature over these bytes for this key");
    }
    return Authenticated(std::move(command), *signed_by);
}

}  // namespace redoubt::tezos
