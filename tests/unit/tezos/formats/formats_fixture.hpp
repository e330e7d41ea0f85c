// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <redoubt/tezos/formats/exported.hpp>
#include <redoubt/tezos/formats/marks.hpp>

#include <gtest/gtest.h>

namespace redoubt::test {

using tezos::ConsensusKind;
using tezos::Level;
using tezos::Round;
using tezos::formats::File;
using tezos::formats::Marks;

// Of tests/vectors/watermarks.
const std::string marks_tz1 = "tz1N6NeyqvXmmvXTq7ShxfPdw5c5pTLmTbZe";
const std::string marks_tz2 = "tz2TAgGeaEkwtihjbYwhaZgSR9ruzg8uhHjW";
const std::string marks_tz3 = "tz3QE1XW5tpvDKUKwqjKcW4ZrJBNDiMW2iWd";
const std::string marks_tz4 = "tz4HX56Afa9LhjwS1jbPq8ZihNE6mns2g5HK";
const std::string marks_mainnet = "NetXdQprcVkpaWU";
const std::string marks_testnet = "NetXL8DCcdd3aRR";

inline std::string marks_vector(const std::string& name) {
    std::ifstream file(std::string(REDOUBT_VECTORS) + "/watermarks/" + name, std::ios::binary);
    if (!file) throw std::runtime_error("no vector " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// `chain, key, kind: level, round`, in order.
inline std::vector<std::string> lines_of(const Marks& marks) {
    std::vector<std::string> lines;
    for (const auto& [id, at] : marks) {
        lines.push_back(tezos::to_text(id.chain) + ", " + id.key + ", " +
                        std::string(name(id.kind)) + ": " + std::to_string(at.level.value()) +
                        ", " + std::to_string(at.round.value()));
    }
    std::ranges::sort(lines);
    return lines;
}

/// The message of a refusal, which every refusal has; of marks, that there was none.
template <class T>
std::string refusal_of(const Result<T>& result) {
    if (result) return "(no refusal)";
    EXPECT_EQ(result.error().code, Code::BadRequest);
    return result.error().message;
}

inline std::string with(std::string text, std::string_view old, std::string_view replacement) {
    const std::size_t at = text.find(old);
    if (at == std::string::npos) throw std::logic_error("no such text to replace");
    return text.replace(at, old.size(), replacement);
}

}  // namespace redoubt::test
