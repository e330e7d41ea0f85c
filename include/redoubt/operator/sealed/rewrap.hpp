// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <redoubt/operator/sealed/sealing.hpp>

namespace redoubt::sealed_operator {

/// A wrap as the table has it now. Errors: bad_request if there is none that can be read, those of
/// the table.
using ReadWrap = std::function<Result<sealed::Wrap>(const sealed::WrapId& id, SteadyTime deadline)>;

/// The command `rewrap`, of any chain: divides the key of the wrap `wrap` anew: among `kms_keys`
/// (all wrapping keys, if absent), any `threshold` of which open it. KMS opens each new share once
/// before the old ones are replaced, in one conditional write. `{wrap, threshold, kms_keys,
/// outcome, wrong_shares, note}`; `outcome`: `rewrapped`, or `unchanged` if it is just so already
/// and each of its shares opens. Errors: bad_request (also: the wrap changed meanwhile),
/// wrap_refused, wrap_unavailable, kms_refused, kms_unavailable, those of the table.
[[nodiscard]] operators::Command rewrap(const Tools& tools, ReadWrap read_wrap);

}  // namespace redoubt::sealed_operator
