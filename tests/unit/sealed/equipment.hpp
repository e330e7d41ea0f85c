// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/random.hpp>
#include <redoubt/sealed/opening.hpp>
#include <sealed/parts.hpp>

namespace redoubt::sealed::test {

inline Bytes random_bytes(std::size_t size) {
    Bytes bytes(size);
    fill_with_random(bytes);
    return bytes;
}

inline WrapKey random_key() { return WrapKey::make(random_bytes(32)); }

inline std::string shown(const GuardedBytes& bytes) { return to_hex(bytes.view()); }
inline std::string shown(const WrapKey& key) { return to_hex(KeyAccess::bytes(key)); }

inline std::string kms_key(unsigned x) {
    return "arn:aws:kms:eu-west-" + std::to_string(x) + ":000000000000:key/" + std::to_string(x);
}

/// A wrap of `key` as its item would say, with `n` shares in the order of their places.
inline Wrap wrap_of(const WrapKey& key, unsigned threshold, unsigned n) {
    Wrap wrap;
    wrap.id = WrapId::make();
    wrap.threshold = threshold;
    wrap.check = key.check(wrap.id);
    for (unsigned x = 1; x <= n; ++x) wrap.shares.push_back({kms_key(x), x, {}});
    return wrap;
}

inline std::vector<Result<GuardedBytes>> all_arrived(const std::vector<Share>& shares) {
    std::vector<Result<GuardedBytes>> arrived;
    for (const Share& share : shares) {
        arrived.emplace_back(GuardedBytes::copy_of(share.bytes.view()));
    }
    return arrived;
}

}  // namespace redoubt::sealed::test
