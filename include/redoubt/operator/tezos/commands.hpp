// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/aws/kms/regions.hpp>
#include <redoubt/aws/service.hpp>
#include <redoubt/io/exchange.hpp>
#include <redoubt/operator/command.hpp>
#include <redoubt/operator/sealed/sealing.hpp>
#include <redoubt/tezos/keys.hpp>

namespace redoubt::tezos_operator {

using sealed_operator::Sealing;

/// What the commands work with; it outlives them.
struct Context {
    std::string version;
    std::string table;
    std::vector<std::string> key_arns;  // of the first of `consensus_keys`; the others are sealed
    tezos::Keys consensus_keys;
    tezos::Keys authorized_keys;
    aws::Service& kms;
    aws::kms::Regions& wrapping_kms;
    aws::Service& dynamodb;
    io::ExchangeRunner& runner;
    /// Of the function: those of `variables_looked_at` and all that name a proxy, if they are set.
    std::map<std::string, std::string, std::less<>> variables = {};
    Sealing sealing = {};
};

/// What `doctor` looks at besides. None of them holds a secret.
[[nodiscard]] std::span<const std::string_view> variables_looked_at();

/// All of them. Watermarks can only be raised.
[[nodiscard]] std::vector<operators::Command> commands(const Context& context);
std::vector<operators::Command> commands(Context&&) = delete;

/// `{version, table, keys: [{arn, pkh, public_key}], addresses, authorized_keys, rows, limits,
/// clock}`, times in ms; `arn` is null for a sealed key. No fields. Errors: those of the table.
[[nodiscard]] operators::Command status(const Context& context);

/// Creates the rows that are missing at `level`, on `chain`, of `keys` (all, if absent), and
/// touches none that exists. Signs only above `level`. `{rows: [...], note}`, each row with its
/// `outcome` (`armed`, `unchanged` or a code), `before` and `after` and, if it failed, `msg`. With
/// `dry_run` it only says what would become of each row, as all that write do. Errors: bad_request,
/// unknown_key, too_far_ahead (a level that no chain can have, or without `force` one that is
/// likely to be mistyped), already_signed (a row stands elsewhere), damaged_row, those of the
/// table.
[[nodiscard]] operators::Command arm(const Context& context);

/// Lifts rows to `level` and `round` (the highest, if absent) on `chain`, of `keys` (all, if
/// absent), and never lowers one; beyond the pace fence only with `force`, and never to a level
/// that no chain can have. Answers as `arm`, with `raised`. Errors: bad_request, unknown_key,
/// not_armed, too_far_ahead, damaged_row, those of the table.
[[nodiscard]] operators::Command raise(const Context& context);

/// Moves a key from one signer, with a table of its own, to another. With `until`, rows on `chain`
/// of `keys` (all, if absent) commit nothing above that level, which is only ever lowered. With
/// `from` they are lifted to the level before, which is closed, and their `until` is taken away.
/// Answers as `arm`, with `limited` or `moved_in`. Errors: bad_request, unknown_key, not_armed,
/// below_watermark (a row stands above the level), handed_over (`until` would rise, or `from` is
/// not above it), too_far_ahead, damaged_row, those of the table.
[[nodiscard]] operators::Command handover(const Context& context);

/// Moves in: what another signer remembers, in `data` as `from` writes it (see
/// tezos/formats), becomes rows. Each key in the data, or in `keys`, gets its three rows on `chain`
/// (the data's own, if absent): armed or lifted to the higher of its mark and `level`, the head's,
/// and `margin` levels (2, if absent) above that; `pace` is that of `level`. `{chain, level,
/// margin, rows, left_out, not_in_data, note}`; each row, besides what `arm` answers, has `in_data`
/// and `target`, `{level, round}` (the former null if the data has no such mark). Errors:
/// bad_request, unknown_key (the data names a key that this function does not hold), too_far_ahead
/// (without `force`: beyond the fence, or the data far beyond `level`), damaged_row, those of the
/// table.
[[nodiscard]] operators::Command import_marks(const Context& context);

/// Moves out: `{data, rows, note}`, the rows of `keys` (all, if absent) on `chain` (all, if absent)
/// `to` octez, as `{<file name>: <text>}`, or to redoubt, as a text. `rows` are `{pkh, chain, kind,
/// level, round, until}`, the position that counts as signed. Errors: bad_request, unknown_key,
/// not_armed (no row at all, or for octez one of a key's three), damaged_row, those of the table.
[[nodiscard]] operators::Command export_rows(const Context& context);

/// Makes `count` keys, 1 to 8, inside this function, sealed under all wrapping keys: `threshold` of
/// them open (1 of one; of several there is no default). `batch` names the call: the same again
/// returns the same keys, and finishes what was cut off; with other fields it is refused. `{keys:
/// [{public_key, pkh, proof, wrap, backup}], outcome, batch, note}`: `proof` of possession,
/// `backup` armoured age or null, `outcome` `created` or `unchanged`. With `dry_run` KMS is asked
/// for all that it would be, no key is shown and nothing is written. Errors: bad_request,
/// kms_refused, kms_unavailable, damaged_row (what the table has of the batch), those of the table.
[[nodiscard]] operators::Command create_key(const Context& context);

/// `{keys: [{pkh, public_key, wrap, made, backup, served}], missing, damaged, wraps: [{wrap,
/// threshold, kms_keys, made}]}`: the sealed keys in the table, `backup` and `served` (whether it
/// is among this function's SEALED_KEYS) true or false; addresses of SEALED_KEYS that the table
/// does not have; `{pkh, scope}` of items that can't be read. No fields. Errors: those of the
/// table.
[[nodiscard]] operators::Command list_keys(const Context& context);

/// `doctor`: what is wrong with keys, table, rows, authorized keys, clock and variables, as far as
/// this function can see it; it writes nothing. `{checks, errors, warnings}`, each check `{check,
/// of, ok}` and, if it is not ok, `{severity, found, do}`. With `chain` and `level`, a node's head,
/// rows are held against it. What can't be looked at is a finding. Errors: bad_request,
/// too_far_ahead (a level that no chain can have).
[[nodiscard]] operators::Command examine(const Context& context);

}  // namespace redoubt::tezos_operator
