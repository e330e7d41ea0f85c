// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/aws/dynamodb/batch_get.hpp>
#include <redoubt/operator/tezos/recovery.hpp>

#include "encrypted_key.hpp"
#include "fields.hpp"
#include "item_puts.hpp"
#include "new_keys.hpp"
#include "opened_keys.hpp"
#include "row_lifts.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using crypto::bls::SecretKey;
using tezos_adapters::SealedItem;

struct KeyImport {
    EncryptedKey key;
    Division division;
    tezos::ChainId chain;
    tezos::Level level;
    bool force;
    bool is_dry_run;
};

Result<KeyImport> read_key_import(const Json& fields, const Context& context) {
    auto key = read_encrypted_key(fields, context);
    if (!key) return std::unexpected(key.error());
    auto division = sealed_operator::read_division(fields, context.sealing);
    if (!division) return std::unexpected(division.error());
    const auto chain = read_chain(fields);
    if (!chain) return std::unexpected(chain.error());
    const auto level = read_level(fields, context.dynamodb.clock().now());
    if (!level) return std::unexpected(level.error());
    const auto force = read_flag(fields, "force");
    if (!force) return std::unexpected(force.error());
    if (auto error = doubt_level(*level, *force)) return std::unexpected(std::move(*error));
    const auto dry_run = read_flag(fields, "dry_run");
    if (!dry_run) return std::unexpected(dry_run.error());
    if (auto error = sealed_operator::demand_backup(context.sealing))
        return std::unexpected(std::move(*error));
    return KeyImport{std::move(*key), std::move(*division), *chain, *level, *force, *dry_run};
}

/// What the table has of the key already.
struct KeyThere {
    Json item;                        // null: nothing
    std::optional<SealedItem> sound;  // if it opens
};
/// Errors: wrap_unavailable and the like, as long as nobody knows whether it opens.
Result<KeyThere> look_up(const Context& context, const tezos::KeyInfo& key, SteadyTime deadline) {
    const auto items = dynamodb::batch_get(context.dynamodb, context.runner, context.table,
                                           {tezos_adapters::sealed_item_key(key.hash)}, deadline);
    if (!items) return std::unexpected(items.error());
    KeyThere there{items->front(), std::nullopt};
    if (there.item.is_null()) return there;
    const OpenedKeys opened(context, {key}, deadline);
    const auto secret = opened.find(opened.keys().front());
    if (secret) there.sound = tezos_adapters::parse_sealed_item(there.item);
    if (secret || secret.error().code == Code::WrapRefused ||
        secret.error().code == Code::DamagedKey) {
        return there;
    }
    return std::unexpected(secret.error());
}

/// Of an item in place of one that will never open, unless that was changed meanwhile.
dynamodb::Put replacement(const Context& context, const Json& there, const SealedItem& item) {
    if (const auto sealed = dynamodb::read_binary(there, "sealed")) {
        return dynamodb::put_if_unchanged(context.table, to_item(item), "sealed",
                                          dynamodb::binary(*sealed));
    }
    return {context.table, to_item(item), "NOT attribute_type(#sealed, :B)",
            ObjectText().add("#sealed", "sealed"), ObjectText().add(":B", dynamodb::text("B"))};
}

/// The rows, closed up to the whole of the level.
operators::CommandResult lift_rows(const Context& context, const KeyImport& asked,
                                   SteadyTime deadline) {
    std::vector<tezos::WatermarkId> ids;
    for (const tezos::ConsensusKind kind : tezos::all_kinds) {
        ids.push_back({asked.key.key.hash, asked.chain, kind});
    }
    const auto before = find_rows(ids, context, deadline);
    if (!before) return operators::failed(before.error());
    const tezos::Position at{asked.level, tezos_adapters::highest_round};
    std::vector<RowWrite> writes;
    for (const FoundRow& row : *before) {
        writes.push_back(make_lift(context, {row.id, at, asked.level, asked.force}, row));
    }
    return write_rows(writes, *before, context, asked.is_dry_run, deadline);
}

struct SealedAnew {
    sealed::Wrap wrap;
    SealedItem item;
};
Result<SealedAnew> seal_anew(const Context& context, const KeyImport& asked,
                             const SecretKey& secret, SteadyTime deadline) {
    const auto wrap = sealed_operator::make_tried_wrap(tools_of(context), asked.division, deadline);
    if (!wrap) return std::unexpected(wrap.error());
    auto item = seal_key(context, secret, *wrap);
    if (!item) return std::unexpected(item.error());
    return SealedAnew{wrap->wrap, std::move(*item)};
}

/// The wrap first: a key without one would not open. What was written before our answer got lost
/// refuses us, and is the same key.
std::optional<Error> write_key(const Context& context, const KeyThere& there,
                               const SealedAnew& anew, SteadyTime deadline) {
    const auto wrap =
        put_items(context, {creation(context, tezos_adapters::to_item(anew.wrap))}, deadline);
    if (!wrap) return wrap.error();
    const auto put = put_items(context,
                               {there.item.is_null() ? creation(context, to_item(anew.item))
                                                     : replacement(context, there.item, anew.item)},
                               deadline);
    if (!put) return put.error();
    const PutOutcome& outcome = put->front();
    if (outcome.is_written) return std::nullopt;
    const auto found = tezos_adapters::parse_sealed_item(outcome.found);
    if (found && found->sealed == anew.item.sealed) return std::nullopt;
    return Error{Code::TableRefused,
                 "the table got another item of this key meanwhile, which was left as it is: ask "
                 "again",
                 {}};
}

operators::CommandResult run_import_key(const Context& context, const Json& fields,
                                        SteadyTime deadline) {
    const auto asked = read_key_import(fields, context);
    if (!asked) return operators::failed(asked.error());
    const auto secret = open_encrypted_key(context, asked->key, deadline);
    if (!secret) return operators::failed(secret.error());
    const auto there = look_up(context, asked->key.key, deadline);
    if (!there) return operators::failed(there.error());
    std::optional<SealedAnew> anew;
    if (!there->sound) {
        auto sealed = seal_anew(context, *asked, *secret, deadline);
        if (!sealed) return operators::failed(sealed.error());
        anew = std::move(*sealed);
    }
    auto result = lift_rows(context, *asked, deadline);
    if (result.error) return result;
    if (anew && !asked->is_dry_run) {
        result.error = write_key(context, *there, *anew, deadline);
        if (result.error) return result;
    }
    result.members["outcome"] = !anew                   ? "unchanged"
                                : there->item.is_null() ? "imported"
                                                        : "replaced";
    const bool is_shown = !anew || !asked->is_dry_run;
    result.members["keys"] = Json::array();
    if (is_shown) {
        result.members["keys"].push_back(to_json(anew ? anew->item : *there->sound));
    }
    result.members["note"] =
        "the key signs only above level " + std::to_string(asked->level.value()) +
        ". Let no other signer of it sign any more: what it signs is not known here";
    return result;
}

}  // namespace

operators::Command import_key(const Context& context) {
    return operators::bound("import_key",
                            {"public_key", "kms_key", "ciphertext", "chain", "level", "threshold",
                             "kms_keys", "force", "dry_run"},
                            context, run_import_key);
}

operators::Command test_backup(const Context& context) {
    return {"test_backup",
            {"public_key", "kms_key", "ciphertext", "chain", "level", "threshold", "kms_keys",
             "force", "dry_run"},
            [&context](const Json& fields, SteadyTime deadline) -> operators::CommandResult {
                const auto key = read_encrypted_key(fields, context);
                if (!key) return operators::failed(key.error());
                const auto secret = open_encrypted_key(context, *key, deadline);
                if (!secret) return operators::failed(secret.error());
                return {.members = {{"public_key", key->key.public_key_text},
                                    {"pkh", key->key.address},
                                    {"matches", true}}};
            }};
}

}  // namespace redoubt::tezos_operator
