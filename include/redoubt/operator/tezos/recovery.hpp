// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <redoubt/operator/tezos/commands.hpp>

/// What the recovery function does with sealed keys. It may open them, which the operator function
/// may not, so it is there only while an operator needs it.
namespace redoubt::tezos_operator {

/// All of them. No secret is in an answer.
[[nodiscard]] std::vector<operators::Command> recovery_commands(const Context& context);
std::vector<operators::Command> recovery_commands(Context&&) = delete;

/// Brings a key in: `ciphertext` is its text (BLsk...) encrypted by KMS under `kms_key`, one of the
/// wrapping keys, for `public_key` and for this table. Its rows on `chain` are armed, or lifted to
/// the whole of `level`, before the key is written under a new wrap (`threshold` and `kms_keys` as
/// `create_key` has them). `{keys: [...], outcome, rows, note}`, `keys` as of `create_key`.
/// `outcome`: `imported`; `unchanged` (the table has this key, and it opens); `replaced` (it has
/// it, but so that it will never open). `force` and `dry_run` as `import`. Errors: bad_request
/// (fields, or a secret that is none or another key's), kms_refused, kms_unavailable,
/// wrap_unavailable (of the key that is there), those of rows, those of the table.
[[nodiscard]] operators::Command import_key(const Context& context);

/// Takes the same event, and tells whether it gives the key: `{public_key, pkh, matches}`. Changes
/// nothing, and needs no more than `public_key`, `kms_key` and `ciphertext`. Errors: bad_request,
/// kms_refused, kms_unavailable.
[[nodiscard]] operators::Command test_backup(const Context& context);

/// Divides the key of a wrap anew: sealed_operator::rewrap.
[[nodiscard]] operators::Command rewrap(const Context& context);

/// Seals keys anew (`keys`, all of the table if absent), under one new wrap, each unless it was
/// changed meanwhile. `{wrap, keys: [{pkh, outcome, before, after, msg}], wrong_shares, note}`;
/// `outcome` is `resealed` or a code, `before` and `after` are wraps. Errors: bad_request,
/// unknown_key, kms_refused, kms_unavailable, the first of those of the keys, those of the table.
[[nodiscard]] operators::Command reseal(const Context& context);

}  // namespace redoubt::tezos_operator
