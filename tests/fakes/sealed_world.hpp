// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/adapters/tezos/sealed_keys.hpp>

#include "aws_world.hpp"
#include "sealing_kms.hpp"

namespace redoubt::test {

/// A table with sealed keys, and the KMS keys that open them.
class SealedWorld {
public:
    explicit SealedWorld(unsigned wrapping_keys = 1);

    /// Seals a key of that seed under a new wrap of all KMS keys, and serves it.
    const tezos::KeyInfo& add_key(Byte seed, unsigned threshold = 1);
    /// The same wrap for several.
    void add_keys(const std::vector<Byte>& seeds, unsigned threshold = 1);
    /// What a signer would make of it.
    [[nodiscard]] tezos_adapters::SealedKeys sealed_keys();

    [[nodiscard]] http::ResponseOrError answer(const http::ClientRequest& call);
    /// The item of a key, of its wrap.
    [[nodiscard]] Json& item_of(const tezos::KeyInfo& key);
    [[nodiscard]] Json& wrap_of(const tezos::KeyInfo& key);

    AwsWorld world;
    SealingKms kms{world.clock};
    std::string table = "redoubt-watermarks";
    std::vector<aws::KeyArn> wrapping_keys;
    aws::kms::Regions regions;
    tezos::Keys keys;
    std::vector<Json> items;
    std::string table_trouble;  // a code: all reads fail so
    int reads = 0;
    bool names_wraps_by_keys = true;  // as `create_key` does, and no other command
    std::vector<tezos_adapters::Opening> openings;
};

/// The secret key of that seed.
[[nodiscard]] crypto::bls::SecretKey bls_secret(Byte seed);

}  // namespace redoubt::test
