// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/octez.hpp>

#include <algorithm>
#include <array>

#include <redoubt/base/encoding.hpp>

#include "strict.hpp"

namespace redoubt::tezos::formats {
namespace {

struct FileOfKind {
    std::string_view name;
    ConsensusKind kind;
};
// The first of each kind is written.
constexpr std::array files_of_kinds = {
    FileOfKind{"block_high_watermarks", ConsensusKind::Block},
    FileOfKind{"preattestation_high_watermarks", ConsensusKind::Preattestation},
    FileOfKind{"attestation_high_watermarks", ConsensusKind::Attestation},
    FileOfKind{"preendorsement_high_watermarks", ConsensusKind::Preattestation},
    FileOfKind{"endorsement_high_watermarks", ConsensusKind::Attestation},
};
constexpr std::size_t written_files = 3;

Result<Position> read_mark(const Place& mark) {
    if (auto checked = check_members(mark, {"level", "hash"}, {"round", "signature"}); !checked) {
        return std::unexpected(checked.error());
    }
    const auto level = read_int31(mark.at("level", mark.value["level"]));
    if (!level) return std::unexpected(level.error());
    const auto hash = read_digest(mark.at("hash", mark.value["hash"]));
    if (!hash) return std::unexpected(hash.error());
    if (const Json* value = member(mark.value, "signature"); value != nullptr) {
        const auto* text = value->get_ptr<const std::string*>();
        if (text == nullptr || !is_signature(*text)) {
            return refuse(mark.at("signature", *value), "is not a signature");
        }
    }
    if (!mark.value.contains("round")) return Position{Level(*level), last_round};
    const auto round = read_int31(mark.at("round", mark.value["round"]));
    if (!round) return std::unexpected(round.error());
    return Position{Level(*level), Round(*round)};
}

Result<void> read_file(const Place& file, ConsensusKind kind, Marks& marks) {
    for (const auto& [chain_text, keys] : file.value.items()) {
        const auto chain = read_chain(file, chain_text);
        if (!chain) return std::unexpected(chain.error());
        const Place on_chain = file.at(chain_text, keys);
        if (!keys.is_object()) return refuse(on_chain, "is not a JSON object");
        for (const auto& [key_text, mark] : keys.items()) {
            const auto key = read_address(on_chain, key_text);
            if (!key) return std::unexpected(key.error());
            const auto at = read_mark(on_chain.at(key_text, mark));
            if (!at) return std::unexpected(at.error());
            keep_highest(marks, {*chain, *key, kind}, *at);
        }
    }
    return {};
}

std::string write_mark(const ExportedRow& row) {
    const Position at = taken(row);
    const Digest hash = at == row.at ? row.digest.value_or(Digest{}) : Digest{};
    return "\"" + row.id.key + "\":\n        { \"level\": " + std::to_string(at.level.value()) +
           ", \"round\": " + std::to_string(at.round.value()) +
           ",\n          \"hash\":\n            \"" + to_hex(hash) + "\" }";
}

/// Lines broken as octez breaks them.
std::string write_file(std::span<const ExportedRow> rows, ConsensusKind kind) {
    std::map<std::string, std::map<std::string, const ExportedRow*>> chains;
    for (const ExportedRow& row : rows) {
        if (row.id.kind == kind) chains[to_text(row.id.chain)][row.id.key] = &row;
    }
    std::string text;
    for (const auto& [chain, keys] : chains) {
        text += (text.empty() ? "{ \"" : ",\n  \"") + chain + "\":\n    {";
        std::string_view between = " ";
        for (const auto& [key, row] : keys) {
            text += std::string(between) + write_mark(*row);
            between = ",\n      ";
        }
        text += " }";
    }
    return text.empty() ? "{}" : text + " }";
}

}  // namespace

Result<Marks> parse_octez(std::span<const File> files) {
    Marks marks;
    for (const File& file : files) {
        const auto* known = std::ranges::find(files_of_kinds, file.name, &FileOfKind::name);
        if (known == files_of_kinds.end()) {
            return fail(Code::BadRequest, "octez-signer has no file `" + shown(file.name) +
                                              "`: give block_high_watermarks, "
                                              "preattestation_high_watermarks and "
                                              "attestation_high_watermarks, by these names");
        }
        const auto value = parse_object(file.text, file.name);
        if (!value) return std::unexpected(value.error());
        const auto read = read_file({*value, file.name}, known->kind, marks);
        if (!read) return std::unexpected(read.error());
    }
    return marks;
}

std::vector<File> write_octez(std::span<const ExportedRow> rows) {
    std::vector<File> files;
    for (const auto& [name, kind] : std::span(files_of_kinds).first<written_files>()) {
        files.push_back({std::string(name), write_file(rows, kind)});
    }
    return files;
}

}  // namespace redoubt::tezos::formats
