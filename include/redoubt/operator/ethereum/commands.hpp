// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/ethereum/network.hpp>
#include <redoubt/operator/command.hpp>
#include <redoubt/operator/sealed/sealing.hpp>

namespace redoubt::ethereum_operator {

/// How much is read at once. With what comes along, an answer stays far from the 6 MB that Lambda
/// takes, and one of DynamoDB from the 1 MB that it gives.
struct Paging {
    std::size_t keys = 2500;         // so many or more are a page of `list_keys`
    unsigned items_of_a_part = 480;  // of any kind, of each part of the table at a time
};

/// What the commands work with; it outlives them.
struct Context {
    std::string version;
    std::string table;
    ethereum::Network network;
    aws::Service& kms;
    aws::kms::Regions& wrapping_kms;
    aws::Service& dynamodb;
    io::ExchangeRunner& runner;
    sealed_operator::Sealing sealing = {};
    Paging paging = {};
    unsigned threshold = 1;  // of the wraps of new keys: so many of the wrapping keys open them
};

/// All of them. None of them opens a key.
[[nodiscard]] std::vector<operators::Command> commands(const Context& context);
std::vector<operators::Command> commands(Context&&) = delete;

/// `{version, network: {name, genesis_validators_root, epoch, slot}, table, table_is_for, wraps,
/// wrapping_keys, threshold, backup, counts: {keys, on, deleted, damaged}, clock}`: `epoch` and
/// `slot` of now, null before genesis; `table_is_for` what the table's own `network` item says,
/// `{genesis_validators_root, table, is_ours}` or null; `wraps` those in use; `backup` true, false,
/// or null if nobody said. No fields. Errors: those of the table.
[[nodiscard]] operators::Command status(const Context& context);

/// Makes `count` keys, 1 to 100, each of a mnemonic of its own (path m/12381/3600/0/0/0), sealed
/// under one new wrap and on, with a deposit of `amount` gwei to `address` (with its checksum) by
/// `credentials` `01` or `02`. `tags` and `fee` as `tag_keys` and `set_fee` have them. `batch`
/// names the call: the same again returns the same keys, and makes those that are missing; with
/// other fields it is refused. `{batch, outcome, wrap, keys: [{public_key, path, wrap, deposit,
/// backup}], note}`: `wrap` the one made now, or null; of a key `wrap` and `deposit`, the
/// launchpad's object, both null if its secret was deleted since; `backup` armoured age or null;
/// with `keystores` (true; 25 keys at most) each has a `keystore` (EIP-2335) and its `password`,
/// armoured age to the backup recipients; `outcome` `created`, `finished` (some were there) or
/// `unchanged`. A key is written with its deposit and its backup, or not at all. Errors:
/// bad_request, wrong_network, kms_refused, kms_unavailable, damaged_row (what the table has of the
/// batch), deadline (some are written), those of the table.
[[nodiscard]] operators::Command create_keys(const Context& context);

/// `{keys: [{public_key, on, source, target, slot, until, tags, fee, wrap, made, at}], damaged,
/// next}`: a part of the table, 2,500 keys and then some, in no order; `wrap` is null of one that
/// was deleted, `damaged` are public keys whose items can't be read. `after` is the `next` of the
/// page before; a `next` of null ends the list. Errors: bad_request, those of the table.
[[nodiscard]] operators::Command list_keys(const Context& context);

/// The next ones write what is said of `keys`, 1 to 100, each on its own, and none if one is
/// unknown. `{keys: [{public_key, outcome, on, until, tags, fee, msg}]}`; `outcome` is `set`,
/// `unchanged`, or a code. None makes an item, or touches a watermark. Errors: bad_request,
/// unknown_key, damaged_row, wrong_network (a copy; not for what switches off), those of the table.

/// `on`: true or false. What is off signs nothing from now on that could be slashed, and nothing at
/// all within a minute. A key without a secret stays off (bad_request).
[[nodiscard]] operators::Command set_keys(const Context& context);
/// `until`: the first epoch that is not signed any more, or null for none. Without `force` it only
/// comes nearer (handed_over).
[[nodiscard]] operators::Command set_until(const Context& context);
/// `tags`: up to 8, each 1 to 32 of A-Z a-z 0-9 . _ -; none takes them away.
[[nodiscard]] operators::Command tag_keys(const Context& context);
/// `fee`: up to 4 addresses with their checksums; none takes them away.
[[nodiscard]] operators::Command set_fee(const Context& context);

/// Switches `keys` off, 1 to 100, then answers `data`, their interchange (EIP-3076), and takes
/// their secrets away. Watermarks, deposits and backups stay. `{data, keys}`, `keys` as above with
/// `deleted`. Errors: as above; none of the secrets is touched unless all keys are off.
[[nodiscard]] operators::Command delete_keys(const Context& context);

/// `data`, another signer's interchange (EIP-3076, version 5) of 1 to 10,000 keys: lifts source,
/// target and slot of each, each on its own, to the highest of those in `data`, while the signer
/// signs on. Nothing falls. Signing roots are dropped, also that of what was signed here at the
/// very mark: something else may have been signed there. Marks after the next epoch are refused
/// without `force`; all of `data` is read before anything is written. `{keys: [{public_key,
/// outcome, source, target, slot, msg}], unknown, note}`; `outcome` is `raised`, `unchanged`, or a
/// code; `unknown` are keys that the table has not. Errors: bad_request, wrong_network,
/// too_far_ahead; unknown_key if it has none of them; damaged_row, those of the table (others may
/// be raised: the same again goes on).
[[nodiscard]] operators::Command import_interchange(const Context& context);

/// What the table remembers, as other signers read it: of `keys`, 1 to 100, or of all, page by page
/// as `list_keys`. `{data, count, note}`, of pages with `damaged` and `next`; each page is a whole
/// interchange. `note` warns of keys that are on, or is null. Errors: bad_request, unknown_key,
/// damaged_row, those of the table.
[[nodiscard]] operators::Command export_interchange(const Context& context);

/// Gives rights `ops`, names of <redoubt/access/rights.hpp>, with `keys`, 1 to 100 that the table
/// has, `tags`, up to 8, or `all`: true; until the second `not_after`, which exits have to have, 24
/// hours ahead at most; to a new token, for the path alone if `path`, or to the role `principal`.
/// `label`: 1 to 64 printable characters. `{id, token, path, ops, keys | tags | all, not_after,
/// expired, label, note}`: `token` is shown this once. Of a role `principal` in place of the first
/// three; one that has just these rights has them, with others it is refused. Errors: bad_request,
/// unknown_key, damaged_row, wrong_network, those of the table.
[[nodiscard]] operators::Command create_token(const Context& context);
/// Ends the token `id` or the rights of `principal`. `{outcome, note}`; `outcome` is `revoked`, or
/// `unchanged` if there was none. Errors: bad_request, those of the table.
[[nodiscard]] operators::Command revoke_token(const Context& context);
/// `{tokens: [{id, path | principal, ops, keys | tags | all, not_after, expired, label}], damaged,
/// next}`, page by page as `list_keys`; no secret and no hash. Errors: bad_request, those of the
/// table.
[[nodiscard]] operators::Command list_tokens(const Context& context);

}  // namespace redoubt::ethereum_operator
