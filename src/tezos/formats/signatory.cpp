// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/signatory.hpp>

#include <set>

#include <redoubt/base/encoding.hpp>

#include "printed_rows.hpp"

namespace redoubt::tezos::formats {
namespace {

Result<ConsensusKind> read_request_kind(const Place& place, std::string_view text) {
    if (text == "block") return ConsensusKind::Block;
    if (text == "preattestation" || text == "preendorsement") return ConsensusKind::Preattestation;
    if (text == "attestation" || text == "attestation_with_dal" || text == "endorsement") {
        return ConsensusKind::Attestation;
    }
    return refuse(place,
                  "`" + shown(text) +
                      "` is not a kind that Signatory keeps a watermark of. (Folders of before "
                      "2023, `watermark` and `watermark_v1`, are not read: start a Signatory of "
                      "today once, which makes a `watermark_v2` of them)");
}

/// A block's round there may be lower than the block's own, so it closes the level.
Position position(ConsensusKind kind, std::uint32_t level, std::uint32_t round) {
    return {Level(level), kind == ConsensusKind::Block ? last_round : Round(round)};
}

Result<void> read_mark(const Place& mark, const MarkId& id, Marks& marks) {
    const auto checked = check_members(mark, {"level", "round", "hash"});
    if (!checked) return std::unexpected(checked.error());
    const auto level = read_int31(mark.at("level", mark.value["level"]));
    if (!level) return std::unexpected(level.error());
    const auto round = read_int31(mark.at("round", mark.value["round"]));
    if (!round) return std::unexpected(round.error());
    const Json& hash = mark.value["hash"];
    const auto* text = hash.get_ptr<const std::string*>();
    if (!hash.is_null() && (text == nullptr || !is_payload_hash(*text))) {
        return refuse(mark.at("hash", hash), "is not a hash, such as vh2...");
    }
    keep_highest(marks, id, position(id.kind, *level, *round));
    return {};
}

Result<void> read_file(const Place& file, const ChainId& chain, Marks& marks) {
    for (const auto& [key_text, kinds] : file.value.items()) {
        const auto key = read_address(file, key_text);
        if (!key) return std::unexpected(key.error());
        const Place of_key = file.at(key_text, kinds);
        if (!kinds.is_object()) return refuse(of_key, "is not a JSON object");
        for (const auto& [kind_text, mark] : kinds.items()) {
            const auto kind = read_request_kind(of_key, kind_text);
            if (!kind) return std::unexpected(kind.error());
            const auto read = read_mark(of_key.at(kind_text, mark), {chain, *key, *kind}, marks);
            if (!read) return std::unexpected(read.error());
        }
    }
    return {};
}

/// 32 bytes, as `{"B": <base64>}` or as `{"S": "vh..."}`.
bool is_digest(const Json& attribute) {
    if (attribute.size() != 1) return false;
    if (const std::string* text = string_member(attribute, "S")) return is_payload_hash(*text);
    const std::string* text = string_member(attribute, "B");
    const auto bytes = text == nullptr ? std::nullopt : from_base64(*text);
    return bytes && bytes->size() == Digest().size();
}

/// `<chain id>/<address>`, and the kind.
Result<MarkId> read_index(const Place& row) {
    const auto index = read_text_attribute(row, "idx");
    if (!index) return std::unexpected(index.error());
    const std::string_view text = **index;
    const std::size_t slash = text.find('/');
    const auto chain = read_chain(row, text.substr(0, slash));
    if (!chain) return std::unexpected(chain.error());
    const auto key =
        read_address(row, slash == std::string_view::npos ? "" : text.substr(slash + 1));
    if (!key) return std::unexpected(key.error());
    const auto request = read_text_attribute(row, "request");
    if (!request) return std::unexpected(request.error());
    const auto kind = read_request_kind(row, **request);
    if (!kind) return std::unexpected(kind.error());
    return MarkId{*chain, *key, *kind};
}

Result<void> read_row(const Place& row, Marks& marks) {
    const auto checked = check_members(row, {"idx", "request", "lvl", "round", "digest"});
    if (!checked) return std::unexpected(checked.error());
    const auto id = read_index(row);
    if (!id) return std::unexpected(id.error());
    const auto level = read_int31_attribute(row, "lvl");
    if (!level) return std::unexpected(level.error());
    const auto round = read_int31_attribute(row, "round");
    if (!round) return std::unexpected(round.error());
    if (!is_digest(row.value["digest"])) {
        return refuse(row, "`digest` is not {\"B\": <32 bytes in base64>} or {\"S\": \"vh...\"}");
    }
    keep_highest(marks, *id, position(id->kind, *level, *round));
    return {};
}

}  // namespace

Result<Marks> parse_signatory_files(std::span<const File> files) {
    Marks marks;
    for (const File& file : files) {
        constexpr std::string_view ending = ".json";
        const std::string_view name = file.name;
        const auto chain = name.ends_with(ending)
                               ? parse_chain_id(name.substr(0, name.size() - ending.size()))
                               : std::nullopt;
        if (!chain) {
            return fail(Code::BadRequest,
                        "`" + shown(name) +
                            "` is not a file of Signatory's folder `watermark_v2`, where each is "
                            "named <chain id>.json: give them by these names");
        }
        const auto value = parse_object(file.text, file.name);
        if (!value) return std::unexpected(value.error());
        const auto read = read_file({*value, file.name}, *chain, marks);
        if (!read) return std::unexpected(read.error());
    }
    return marks;
}

Result<Marks> parse_signatory_rows(std::string_view text) {
    const auto rows = parse_printed_rows(text);
    if (!rows) return std::unexpected(rows.error());
    Marks marks;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const Place row{(*rows)[i], "row " + std::to_string(i + 1)};
        if (auto read = read_row(row, marks); !read) return std::unexpected(read.error());
        if (!seen.insert(dump(row.value["idx"]) + dump(row.value["request"])).second) {
            return refuse(row, "is there twice: give the rows of one table");
        }
    }
    return marks;
}

}  // namespace redoubt::tezos::formats
