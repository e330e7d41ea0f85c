// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <redoubt/operator/ethereum/recovery.hpp>

#include "fields.hpp"
#include "import_marks.hpp"
#include "imported_keys.hpp"
#include "opened_keys.hpp"
#include "rows.hpp"
#include "table_reads.hpp"
#include "writes.hpp"

namespace redoubt::ethereum_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using ethereum_adapters::Validator;

/// What the table has of the keys; nothing where it has none.
Result<std::vector<std::optional<Validator>>> look_up(const Context& context,
                                                      const ImportedKeys& imported,
                                                      SteadyTime deadline) {
    std::vector<dynamodb::ItemKey> names = {ethereum_adapters::network_key()};
    for (const ImportedKey& key : imported.keys) {
        names.push_back(ethereum_adapters::validator_key(key.key));
    }
    const auto items = read_items(context, names, deadline);
    if (!items) return std::unexpected(items.error());
    if (auto error = judge_network(context, items->front())) {
        return std::unexpected(std::move(*error));
    }
    std::vector<std::optional<Validator>> out;
    for (std::size_t i = 1; i < items->size(); ++i) {
        out.push_back(ethereum_adapters::parse_validator((*items)[i]));
        if (!out.back() && !(*items)[i].is_null()) {
            return fail(Code::DamagedRow,
                        "the item of " + imported.keys[i - 1].key.text() +
                            " lacks an attribute or has one of another type: nothing was written, "
                            "as it is not known what it signed");
        }
    }
    return out;
}

struct Import {
    const ethereum::PublicKey& key;
    const ImportedSecret& secret;
    Marks marks;
    bool is_new = false;
    std::optional<Bytes> set;  // of its row, as it was read
};

/// One that has no secret gets it, with marks that are not below what it has by then. An operator's
/// word about it counts since then: this write may come late, too.
dynamodb::Update import_update(const Context& context, const Import& one,
                               const ethereum_adapters::SealedSecret& sealed) {
    dynamodb::Update update{
        .table = context.table,
        .key = dynamodb::to_attributes(ethereum_adapters::validator_key(one.key)),
        .condition =
            "attribute_not_exists(#sealed) AND (attribute_not_exists(#id) OR "
            "(#src <= :src AND #tgt <= :tgt AND #slot <= :slot))",
        .update =
            "SET #sealed = :sealed, #wrap = :wrap, #src = :src, #tgt = :tgt, #slot = :slot, "
            "#on = :on, #shard = :shard, #at = :now, #made = if_not_exists(#made, :now)",
        .names = {},
        .values = {}};
    for (const std::string name : {"id", "sealed", "wrap", "src", "tgt", "slot", "on", "shard",
                                   "at", "made", "aroot", "broot"}) {
        update.names.add("#" + name, name);
    }
    update.values.add(":sealed", dynamodb::binary(sealed.bytes))
        .add(":wrap", dynamodb::text(sealed.wrap.text()))
        .add(":src", dynamodb::natural(one.marks.source.value()))
        .add(":tgt", dynamodb::natural(one.marks.target.value()))
        .add(":slot", dynamodb::natural(one.marks.slot.value()))
        .add(":on", dynamodb::flag(true))
        .add(":shard", dynamodb::text(ethereum_adapters::shard_of(one.key)))
        .add(":now", dynamodb::number(unix_ms(context.dynamodb.clock().now())));
    demand_as_set(update, one.set);
    update.update += " REMOVE #aroot, #broot";
    return update;
}

/// All of them in one transaction, and their wrap first.
std::optional<Error> write(const Context& context, const std::vector<Import>& imports,
                           const sealed_operator::NewWrap& wrap, SteadyTime deadline) {
    dynamodb::Transaction transaction(make_token());
    add_new_wrap(context, wrap.wrap, transaction);
    for (const Import& one : imports) {
        if (!one.is_new) continue;
        const auto& secret = one.secret.secret;
        auto sealed = sealed_operator::seal_secret(secret, secret.public_key().encoded(), wrap);
        if (!sealed) return sealed.error();
        transaction.add(import_update(context, one, {std::move(*sealed), wrap.wrap.id}));
        const auto backup = sealed_operator::back_up(context.sealing, one.secret.line.view());
        if (!backup) return backup.error();
        if (!*backup) continue;
        transaction.add(
            dynamodb::Put{.table = context.table,
                          .item = ethereum_adapters::companion_item(
                              ethereum_adapters::backup_key(one.key), "backup", **backup),
                          .condition = {},
                          .names = {},
                          .values = {}});
    }
    const auto refused =
        dynamodb::transact(context.dynamodb, context.runner, transaction, deadline);
    if (!refused) return refused.error();
    if (!*refused) return std::nullopt;
    if (auto error = judge_network_update(context, **refused, 0)) return error;
    return Error{Code::TableUnavailable,
                 "one of the keys was changed meanwhile, so nothing was written: look at them by "
                 "`list_keys`; repeating the same request is safe",
                 {}};
}

Json to_json(const Import& one) {
    return {{"public_key", one.key.text()},
            {"outcome", one.is_new ? "imported" : "unchanged"},
            {"source", one.marks.source.value()},
            {"target", one.marks.target.value()},
            {"slot", one.marks.slot.value()}};
}

operators::CommandResult answer(const std::vector<Import>& imports,
                                const std::optional<sealed_operator::NewWrap>& wrap) {
    Json keys = Json::array();
    for (const Import& one : imports) keys.push_back(to_json(one));
    return {.members = {{"keys", std::move(keys)},
                        {"wrap", wrap ? Json(wrap->wrap.id.text()) : Json()},
                        {"note",
                         "these keys sign above these marks. Let no other signer of them sign any "
                         "more: what it signs is not known here"}}};
}

operators::CommandResult run_import_key(const Context& context, const Json& fields,
                                        SteadyTime deadline) {
    const auto imported = read_imported_keys(fields, context);
    if (!imported) return operators::failed(imported.error());
    const auto marks = read_marks(fields, *imported, context);
    if (!marks) return operators::failed(marks.error());
    if (auto error = sealed_operator::demand_backup(context.sealing)) {
        return operators::failed(std::move(*error));
    }
    const auto there = look_up(context, *imported, deadline);
    if (!there) return operators::failed(there.error());
    for (std::size_t i = 0; i < there->size(); ++i) {
        if (auto error = refuse_unprotected((*there)[i], (*marks)[i])) {
            return operators::failed(std::move(*error));
        }
    }
    const auto secrets = open_imported_keys(context, *imported, deadline);
    if (!secrets) return operators::failed(secrets.error());
    std::vector<Import> imports;
    for (std::size_t i = 0; i < secrets->size(); ++i) {
        const std::optional<Validator>& row = (*there)[i];
        const bool is_new = !row || !row->sealed;
        const Marks now =
            is_new ? lifted(row, (*marks)[i]) : Marks{row->source, row->target, row->slot};
        imports.push_back(
            {imported->keys[i].key, (*secrets)[i], now, is_new, row ? row->set : std::nullopt});
    }
    std::optional<sealed_operator::NewWrap> wrap;
    if (std::ranges::any_of(imports, &Import::is_new)) {
        const auto division = sealed_operator::divide_among_all(context.sealing, context.threshold);
        if (!division) return operators::failed(division.error());
        auto made = sealed_operator::make_tried_wrap(tools_of(context), *division, deadline);
        if (!made) return operators::failed(made.error());
        wrap.emplace(std::move(*made));
        if (auto error = write(context, imports, *wrap, deadline)) {
            return operators::failed(std::move(*error));
        }
    }
    return answer(imports, wrap);
}

operators::CommandResult run_test_backup(const Context& context, const Json& fields,
                                         SteadyTime deadline) {
    const auto imported = read_imported_keys(fields, context);
    if (!imported) return operators::failed(imported.error());
    const auto secrets = open_imported_keys(context, *imported, deadline);
    if (!secrets) return operators::failed(secrets.error());
    Json keys = Json::array();
    for (const ImportedKey& key : imported->keys) {
        keys.push_back({{"public_key", key.key.text()}, {"matches", true}});
    }
    return {.members = {{"keys", std::move(keys)}}};
}

}  // namespace

operators::Command import_key(const Context& context) {
    return operators::bound("import_key", {"keys", "kms_key", "data", "epoch", "source", "force"},
                            context, run_import_key);
}

operators::Command test_backup(const Context& context) {
    return operators::bound("test_backup", {"keys", "kms_key"}, context, run_test_backup);
}

}  // namespace redoubt::ethereum_operator
