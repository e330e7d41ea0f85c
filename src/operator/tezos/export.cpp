// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <redoubt/adapters/tezos/watermark_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>
#include <redoubt/tezos/formats/exported.hpp>
#include <redoubt/tezos/formats/octez.hpp>

#include "fields.hpp"
#include "rows.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace formats = tezos::formats;
using formats::ExportedRow;

enum class Format { Octez, Redoubt };

Result<Format> read_format(const Json& fields) {
    const std::string* to = string_member(fields, "to");
    if (to != nullptr && *to == "octez") return Format::Octez;
    if (to != nullptr && *to == "redoubt") return Format::Redoubt;
    return fail(Code::BadRequest, "`to` must be octez or redoubt");
}

/// What to export: all chains, if it names none.
struct Selection {
    std::optional<tezos::ChainId> chain;
    std::vector<tezos::KeyHash> keys;
};

Result<Selection> read_selection(const Json& fields, const tezos::Keys& known) {
    auto keys = read_keys(fields, known);
    if (!keys) return std::unexpected(keys.error());
    Selection selection{{}, std::move(*keys)};
    if (member(fields, "chain") == nullptr) return selection;
    const auto chain = read_chain(fields);
    if (!chain) return std::unexpected(chain.error());
    selection.chain = *chain;
    return selection;
}

Result<ExportedRow> to_exported(const tezos::KeyInfo& key, const Json& item) {
    const std::string* scope = aws::dynamodb::read_text(item, "scope");
    const auto id = scope == nullptr ? std::nullopt : tezos_adapters::parse_scope(key.hash, *scope);
    const auto row = tezos_adapters::parse_row(item);
    if (!id || !row) {
        return fail(Code::DamagedRow,
                    "a row of " + key.address +
                        " can't be read, so nothing is exported: an export without it would lose "
                        "what it guards. `status` shows it");
    }
    return ExportedRow{{id->chain, key.address, id->kind}, row->at, row->digest, row->until};
}

Result<std::vector<ExportedRow>> read_selected(const Context& context, const Selection& selection,
                                               SteadyTime deadline) {
    std::vector<ExportedRow> rows;
    for (const tezos::KeyInfo& key : context.consensus_keys) {
        if (std::ranges::find(selection.keys, key.hash) == selection.keys.end()) continue;
        const auto items = read_items(context, key.hash, deadline);
        if (!items) return std::unexpected(items.error());
        for (const Json& item : *items) {
            auto row = to_exported(key, item);
            if (!row) return std::unexpected(row.error());
            if (selection.chain && row->id.chain != *selection.chain) continue;
            rows.push_back(std::move(*row));
        }
    }
    if (rows.empty()) {
        return fail(Code::NotArmed, "there is no row of these keys on that chain to export");
    }
    return rows;
}

/// octez signs whatever it has no mark of; here a row that is missing is a refusal.
std::optional<Error> refuse_gaps(const std::vector<ExportedRow>& rows) {
    std::set<formats::MarkId> there;
    for (const ExportedRow& row : rows) there.insert(row.id);
    for (const ExportedRow& row : rows) {
        for (const tezos::ConsensusKind kind : tezos::all_kinds) {
            if (there.contains({row.id.chain, row.id.key, kind})) continue;
            return Error{Code::NotArmed,
                         "there is no row for " + std::string(name(kind)) + "s of " + row.id.key +
                             " on " + tezos::to_text(row.id.chain) +
                             ", and octez-signer would sign any of them: `arm` it first",
                         {}};
        }
    }
    return std::nullopt;
}

/// The addresses of what was to be exported, and has no row.
std::vector<std::string> keys_without(const std::vector<ExportedRow>& rows,
                                      const std::vector<tezos::KeyHash>& selected) {
    std::vector<std::string> keys;
    for (const tezos::KeyHash& hash : selected) {
        std::string key = tezos::to_text(hash);
        const auto is_its = [&key](const ExportedRow& row) { return row.id.key == key; };
        if (std::ranges::none_of(rows, is_its)) keys.push_back(std::move(key));
    }
    return keys;
}

std::string note_of(const std::vector<std::string>& without_rows) {
    std::string note =
        "what this signer signs from now on is not in here: before another signs with these keys, "
        "stop this one and export again, or `handover` with `until` first";
    std::string list;
    for (const std::string& key : without_rows) list += (list.empty() ? "" : ", ") + key;
    if (list.empty()) return note;
    return note + ". Nothing is in here of " + list +
           ", which has no rows: another signer would sign anything with it";
}

Json to_data(const std::vector<ExportedRow>& rows, Format format) {
    if (format == Format::Redoubt) return formats::write_exported(rows);
    Json files = Json::object();
    for (const formats::File& file : formats::write_octez(rows)) files[file.name] = file.text;
    return files;
}

/// What each row stands at for whoever reads the data.
Json exported_to_json(const ExportedRow& row) {
    const tezos::Position at = formats::taken(row);
    return {{"pkh", row.id.key},
            {"chain", tezos::to_text(row.id.chain)},
            {"kind", tezos::name(row.id.kind)},
            {"level", at.level.value()},
            {"round", at.round.value()},
            {"until", row.until ? Json(row.until->value()) : Json()}};
}

operators::CommandResult run_export(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    const auto format = read_format(fields);
    if (!format) return operators::failed(format.error());
    const auto selection = read_selection(fields, context.consensus_keys);
    if (!selection) return operators::failed(selection.error());
    const auto rows = read_selected(context, *selection, deadline);
    if (!rows) return operators::failed(rows.error());
    if (auto gap = refuse_gaps(*rows); gap && *format == Format::Octez) {
        return operators::failed(std::move(*gap));
    }
    Json list = Json::array();
    for (const ExportedRow& row : *rows) list.push_back(exported_to_json(row));
    const std::vector<std::string> without_rows = keys_without(*rows, selection->keys);
    return {.members = {{"data", to_data(*rows, *format)},
                        {"rows", std::move(list)},
                        {"without_rows", without_rows},
                        {"note", note_of(without_rows)}}};
}

}  // namespace

operators::Command export_rows(const Context& context) {
    return operators::bound("export", {"to", "chain", "keys"}, context, run_export);
}

}  // namespace redoubt::tezos_operator
