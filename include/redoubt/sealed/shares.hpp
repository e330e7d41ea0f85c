// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <redoubt/base/guarded.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/sealed/wrap.hpp>

namespace redoubt::sealed {

/// A share in clear: of each byte of the key, the value of a polynomial at `x`.
struct Share {
    unsigned x;
    GuardedBytes bytes;
};

/// Shamir's sharing: `n` shares, with x from 1, of which any `threshold` give the key and fewer say
/// nothing of it. Errors: bad_request unless 1 <= threshold <= n <= most_shares.
[[nodiscard]] Result<std::vector<Share>> split(const WrapKey& key, unsigned threshold, unsigned n);

}  // namespace redoubt::sealed
