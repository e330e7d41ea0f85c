// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <redoubt/crypto/bls.hpp>
#include <redoubt/ethereum/network.hpp>

/// What tests of validators' keys share.
namespace redoubt::ethereum::test {

/// A key that anybody can make, and another for each first byte.
[[nodiscard]] inline crypto::bls::SecretKey secret(Byte first = 0x21) {
    Bytes scalar(32, 0x11);
    scalar.front() = first;
    return crypto::bls::SecretKey::parse(scalar).value();
}

[[nodiscard]] inline PublicKey public_key_of(const crypto::bls::SecretKey& key) {
    return PublicKey::parse(to_hex(key.public_key().encoded())).value();
}

[[nodiscard]] inline Network network(std::string_view name) { return find_network(name).value(); }

}  // namespace redoubt::ethereum::test
