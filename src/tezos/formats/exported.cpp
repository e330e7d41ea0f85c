// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/exported.hpp>

#include <algorithm>
#include <set>

#include <redoubt/base/encoding.hpp>

#include "strict.hpp"

namespace redoubt::tezos::formats {
namespace {

constexpr std::string_view format = "redoubt-watermarks";
constexpr int version = 1;

Result<ConsensusKind> read_row_kind(const Place& place) {
    for (const ConsensusKind kind : all_kinds) {
        if (place.value == name(kind)) return kind;
    }
    return refuse(place, "is not block, preattestation or attestation");
}

Result<MarkId> read_row_id(const Place& row) {
    const auto chain_text = read_text(row.at("chain", row.value["chain"]));
    if (!chain_text) return std::unexpected(chain_text.error());
    const auto chain = read_chain(row, **chain_text);
    if (!chain) return std::unexpected(chain.error());
    const auto key_text = read_text(row.at("pkh", row.value["pkh"]));
    if (!key_text) return std::unexpected(key_text.error());
    const auto key = read_address(row, **key_text);
    if (!key) return std::unexpected(key.error());
    const auto kind = read_row_kind(row.at("kind", row.value["kind"]));
    if (!kind) return std::unexpected(kind.error());
    return MarkId{*chain, *key, *kind};
}

Result<ExportedRow> read_row(const Place& row) {
    const auto checked =
        check_members(row, {"chain", "pkh", "kind", "level", "round", "digest", "until"});
    if (!checked) return std::unexpected(checked.error());
    auto id = read_row_id(row);
    if (!id) return std::unexpected(id.error());
    const auto level = read_int31(row.at("level", row.value["level"]));
    if (!level) return std::unexpected(level.error());
    const auto round = read_int31(row.at("round", row.value["round"]));
    if (!round) return std::unexpected(round.error());
    ExportedRow out{std::move(*id), {Level(*level), Round(*round)}, {}, {}};
    if (const Json& value = row.value["digest"]; !value.is_null()) {
        const auto digest = read_digest(row.at("digest", value));
        if (!digest) return std::unexpected(digest.error());
        out.digest = *digest;
    }
    if (const Json& value = row.value["until"]; !value.is_null()) {
        const auto until = read_int31(row.at("until", value));
        if (!until) return std::unexpected(until.error());
        out.until = Level(*until);
    }
    return out;
}

Json to_json(const ExportedRow& row) {
    return {{"chain", to_text(row.id.chain)},
            {"pkh", row.id.key},
            {"kind", name(row.id.kind)},
            {"level", row.at.level.value()},
            {"round", row.at.round.value()},
            {"digest", row.digest ? Json(to_hex(*row.digest)) : Json()},
            {"until", row.until ? Json(row.until->value()) : Json()}};
}

}  // namespace

Result<std::vector<ExportedRow>> parse_exported(std::string_view text) {
    const auto value = parse_object(text, "the data");
    if (!value) return std::unexpected(value.error());
    const Place whole{*value, "the data"};
    const auto checked = check_members(whole, {"format", "version", "rows"});
    if (!checked) return std::unexpected(checked.error());
    const Json& given = (*value)["version"];
    if ((*value)["format"] != format || !given.is_number_integer() || given != version) {
        return refuse(whole, "is not of the format `redoubt-watermarks`, version 1");
    }
    const Json& list = (*value)["rows"];
    if (!list.is_array()) return refuse(whole.at("rows", list), "is not a list");
    std::vector<ExportedRow> rows;
    std::set<MarkId> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Place place = whole.at("row " + std::to_string(i + 1), list[i]);
        auto row = read_row(place);
        if (!row) return std::unexpected(row.error());
        if (!seen.insert(row->id).second) return refuse(place, "is there twice");
        rows.push_back(std::move(*row));
    }
    return rows;
}

std::string write_exported(std::span<const ExportedRow> rows) {
    std::string text = "{\"format\":\"" + std::string(format) +
                       "\",\"version\":" + std::to_string(version) + ",\"rows\":[";
    std::string_view between = "\n";
    for (const ExportedRow& row : rows) {
        text += std::string(between) + dump(to_json(row));
        between = ",\n";
    }
    return text + "\n]}\n";
}

Position taken(const ExportedRow& row) {
    if (!row.until) return row.at;
    return std::max(row.at, Position{*row.until, last_round});
}

Marks to_marks(std::span<const ExportedRow> rows) {
    Marks marks;
    for (const ExportedRow& row : rows) keep_highest(marks, row.id, taken(row));
    return marks;
}

}  // namespace redoubt::tezos::formats
