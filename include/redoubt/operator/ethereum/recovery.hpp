// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <redoubt/operator/ethereum/commands.hpp>

/// What the recovery function does with sealed keys. It may open them, which the operator function
/// may not, so it is there only while an operator needs it.
namespace redoubt::ethereum_operator {

/// All of them. No secret is in an answer.
[[nodiscard]] std::vector<operators::Command> recovery_commands(const Context& context);
std::vector<operators::Command> recovery_commands(Context&&) = delete;

/// Brings keys in, 1 to 25: `keys` are objects of `public_key`, `ciphertext` (of KMS, under
/// `kms_key`, one of the wrapping keys, for that public key and for this table) and, if what was
/// encrypted is a mnemonic, its `path`, or, if it is a password, the `keystore` that it opens; with
/// neither it is the secret itself, `0x` and 64 hexadecimal digits. What they signed elsewhere says
/// `data`, an interchange (EIP-3076), or `epoch`, the last that they may have signed in: source
/// (unless `source` is another), target and slot are lifted to these as far as they are lower, and
/// nothing is ever lowered. They are sealed under one new wrap, and on.
/// `{keys: [{public_key, outcome, source, target, slot}], wrap, note}`; `outcome` is `imported`, or
/// `unchanged` of one that has a secret already; if that one may sign what it is said to have
/// signed elsewhere, it is refused. All of them or none. Errors: bad_request (also a secret that is
/// none or another key's), too_far_ahead (without `force`, an epoch after the next one),
/// wrong_network, kms_refused, kms_unavailable, those of the table.
[[nodiscard]] operators::Command import_key(const Context& context);

/// Takes the same `keys` and `kms_key`, and tells whether they give those public keys: `{keys:
/// [{public_key, matches}]}`. Changes nothing. Errors: bad_request, kms_refused, kms_unavailable.
[[nodiscard]] operators::Command test_backup(const Context& context);

/// Gives `keys`, 1 to 100, all of them off, to `recipient` (age1...): `{keys: [{public_key,
/// keystore}], password, note}`, keystores by EIP-2335 and the `password` of all of them, armoured
/// age. Errors: bad_request, unknown_key, wrong_network, wrap_unavailable, wrap_refused,
/// damaged_key, those of the table.
[[nodiscard]] operators::Command export_keystore(const Context& context);

/// Divides the key of a wrap anew: sealed_operator::rewrap.
[[nodiscard]] operators::Command rewrap(const Context& context);

/// Seals `keys` anew, 1 to 100, under one new wrap (`threshold`, `kms_keys` and `dry_run` as
/// `rewrap`), each unless it was changed meanwhile. `{wrap, keys: [{public_key, outcome, ...}],
/// wrong_shares, note}`; `outcome` is `resealed` or a code; `wrap` is null in a dry run. Errors:
/// bad_request, unknown_key, wrong_network, kms_refused, kms_unavailable, wrap_unavailable,
/// wrap_refused, damaged_key, those of the table.
[[nodiscard]] operators::Command reseal(const Context& context);

/// Signs voluntary exits of `keys`, 1 to 100, whose indices on the chain are `validators`, in the
/// same order, valid from `epoch` on, which is not after the current one: `{exits: [{public_key,
/// exit}], note}`, `exit` as the beacon API takes it. Writes nothing. Errors: bad_request,
/// too_far_ahead, unknown_key, wrap_unavailable, wrap_refused, damaged_key, those of the table.
[[nodiscard]] operators::Command sign_exits(const Context& context);

}  // namespace redoubt::ethereum_operator
