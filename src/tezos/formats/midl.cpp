// SPDX-License-Identifier: Apache-2.0
#include <redoubt/tezos/formats/midl.hpp>

#include "printed_rows.hpp"

namespace redoubt::tezos::formats {
namespace {

Result<ConsensusKind> read_operation_type(const Place& row) {
    const auto text = read_text_attribute(row, "opType");
    if (!text) return std::unexpected(text.error());
    if (**text == "Block") return ConsensusKind::Block;
    if (**text == "Preattestation") return ConsensusKind::Preattestation;
    if (**text == "Attestation") return ConsensusKind::Attestation;
    return refuse(row, "`opType` is not Block, Preattestation or Attestation");
}

Result<void> read_row(const Place& row, const ChainId& chain, Marks& marks) {
    const auto checked =
        check_members(row, {"publicKeyHash", "opType", "blockLevel", "blockRound"});
    if (!checked) return std::unexpected(checked.error());
    const auto key_text = read_text_attribute(row, "publicKeyHash");
    if (!key_text) return std::unexpected(key_text.error());
    const auto key = read_address(row, **key_text);
    if (!key) return std::unexpected(key.error());
    const auto kind = read_operation_type(row);
    if (!kind) return std::unexpected(kind.error());
    const auto level = read_int31_attribute(row, "blockLevel");
    if (!level) return std::unexpected(level.error());
    const auto round = read_int31_attribute(row, "blockRound");
    if (!round) return std::unexpected(round.error());
    const MarkId id{chain, *key, *kind};
    if (marks.contains(id)) return refuse(row, "is there twice: give the rows of one table");
    keep_highest(marks, id, {Level(*level), Round(*round)});
    return {};
}

}  // namespace

Result<Marks> parse_midl_rows(std::string_view text, const ChainId& chain) {
    const auto rows = parse_printed_rows(text);
    if (!rows) return std::unexpected(rows.error());
    Marks marks;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const Place row{(*rows)[i], "row " + std::to_string(i + 1)};
        if (auto read = read_row(row, chain, marks); !read) return std::unexpected(read.error());
    }
    return marks;
}

}  // namespace redoubt::tezos::formats
