// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <redoubt/tezos/types.hpp>

namespace redoubt::tezos {

/// A public key with its address and the texts of both, made once.
struct KeyInfo {
    explicit KeyInfo(PublicKey key)
        : public_key(std::move(key)),
          hash(hash_of(public_key)),
          address(to_text(hash)),
          public_key_text(to_text(public_key)) {}

    PublicKey public_key;
    KeyHash hash;
    std::string address;
    std::string public_key_text;
};

using Keys = std::vector<KeyInfo>;

/// The key of that address, or null.
[[nodiscard]] inline const KeyInfo* find(const Keys& keys, const KeyHash& hash) {
    const auto found = std::ranges::find(keys, hash, &KeyInfo::hash);
    return found == keys.end() ? nullptr : &*found;
}

}  // namespace redoubt::tezos
