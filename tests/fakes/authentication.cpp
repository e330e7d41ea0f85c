// SPDX-License-Identifier: Apache-2.0
#include "authentication.hpp"

namespace redoubt::test {

using tezos::SignatureScheme;

std::string authentication(const SecretKey& baker, const tezos::KeyHash& key, ByteView payload) {
    Bytes message = {0x04, 0x01};
    message.push_back(key.scheme == SignatureScheme::Ed25519     ? 0
                      : key.scheme == SignatureScheme::Secp256k1 ? 1
                      : key.scheme == SignatureScheme::P256      ? 2
                                                                 : 3);
    append(message, key.hash);
    append(message, payload);
    return tezos::to_text(baker.scheme(), baker.sign(crypto::message_of(message)));
}

}  // namespace redoubt::test
