// SPDX-License-Identifier: Apache-2.0
#include "tezos_vectors.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <redoubt/base/encoding.hpp>

#include "shape.hpp"

namespace redoubt::test {
namespace {

using Mistakes = std::vector<std::string>;

/// Sections of words rather than rows, and members beside the rows of a nested section.
const std::set<std::string> words = {"format", "conventions", "http.note"};

/// Top-level sections, those of `kms` and `http` one step further down.
std::map<std::string, const Json*> sections_of(const Json& document) {
    std::map<std::string, const Json*> sections;
    for (const auto& [name, value] : document.items()) {
        if (name != "kms" && name != "http") {
            sections.emplace(name, &value);
            continue;
        }
        for (const auto& [inner, rows] : value.items()) sections.emplace(name + "." + inner, &rows);
    }
    return sections;
}

void check_value(const std::string& where, const Json& value, const std::set<std::string>& known,
                 Mistakes& mistakes) {
    if (value.is_array()) {
        if (value.empty()) mistakes.push_back(where + " is empty");
        for (const Json& entry : value) check_value(where, entry, known, mistakes);
        return;
    }
    const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    if (!known.contains(shown)) mistakes.push_back(where + ": unknown value " + shown);
}

void check_row(const std::string& where, const Json& row, const Shape& shape, Mistakes& mistakes) {
    if (!row.is_object()) return mistakes.push_back(where + " is no row");
    for (const std::string& field : shape.required) {
        if (!row.contains(field)) mistakes.push_back(where + " has no " + field);
    }
    for (const auto& [field, value] : row.items()) {
        if (!shape.required.contains(field) && !shape.optional.contains(field)) {
            mistakes.push_back(where + ": unknown field " + field);
        }
        const auto known = shape.values.find(field);
        if (known != shape.values.end()) {
            check_value(where + "." + field, value, known->second, mistakes);
        }
    }
}

void check_steps(const std::string& where, const Json& steps, Mistakes& mistakes) {
    static const Shape step = {.required = {"expect"},
                               .optional = {"payload_id", "refuse_id", "reason"},
                               .values = {{"expect", {"sign", "same_signature", "refuse"}}}};
    if (!steps.is_array() || steps.empty()) return mistakes.push_back(where + " has no steps");
    for (const Json& row : steps) {
        check_row(where, row, step, mistakes);
        if (row.contains("payload_id") == row.contains("refuse_id")) {
            mistakes.push_back(where + ": a step has one of payload_id and refuse_id");
        }
    }
}

void check_rows(const std::string& name, const Json& rows, Mistakes& mistakes) {
    const auto shape = shapes().find(name);
    if (shape == shapes().end()) return mistakes.push_back(name + ": unknown section");
    if (!rows.is_array() || rows.empty()) return mistakes.push_back(name + " is empty");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string where = name + "[" + std::to_string(i) + "]";
        check_row(where, rows[i], shape->second, mistakes);
        if (name == "watermark_sequences" && rows[i].contains("steps")) {
            check_steps(where, rows[i]["steps"], mistakes);
        }
    }
}

const Json& checked_document() {
    static const Json document = [] {
        Json read = tezos_vectors_document();
        const Mistakes mistakes = mistakes_of(read);
        if (!mistakes.empty()) throw std::runtime_error("tezos.json: " + mistakes.front());
        return read;
    }();
    return document;
}

[[noreturn]] void wrong_field(const Json& row, const std::string& field) {
    throw std::runtime_error("field " + field + " of " + row.dump());
}

}  // namespace

Json tezos_vectors_document() {
    std::ifstream file(REDOUBT_VECTORS "/tezos.json", std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(file), {});
    auto document = parse_json(content);
    if (!document) throw std::runtime_error("tests/vectors/tezos.json cannot be read");
    return std::move(*document);
}

std::vector<std::string> mistakes_of(const Json& document) {
    Mistakes mistakes;
    const auto sections = sections_of(document);
    for (const auto& [name, shape] : shapes()) {
        if (!sections.contains(name)) mistakes.push_back(name + " is missing");
    }
    for (const auto& [name, rows] : sections) {
        if (!words.contains(name)) check_rows(name, *rows, mistakes);
    }
    if (document.value("format", "") != "tezos-consensus-signer-vectors/1") {
        mistakes.emplace_back("unknown format");
    }
    return mistakes;
}

const Json& tezos_vectors(const std::string& section) {
    return *sections_of(checked_document()).at(section);
}

std::string text(const Json& row, const std::string& field) {
    const std::string* value = string_member(row, field);
    if (value == nullptr) wrong_field(row, field);
    return *value;
}

Bytes hex(const Json& row, const std::string& field) {
    auto bytes = from_hex(text(row, field));
    if (!bytes) wrong_field(row, field);
    return std::move(*bytes);
}

std::uint32_t number(const Json& row, const std::string& field) {
    const Json* value = member(row, field);
    if (value == nullptr || !value->is_number_unsigned()) wrong_field(row, field);
    return value->get<std::uint32_t>();
}

bool flag(const Json& row, const std::string& field) {
    const Json* value = member(row, field);
    if (value == nullptr || !value->is_boolean()) wrong_field(row, field);
    return value->get<bool>();
}

const Json& row_where(const std::string& section, const std::string& field,
                      const std::string& value) {
    for (const Json& row : tezos_vectors(section)) {
        if (text(row, field) == value) return row;
    }
    throw std::runtime_error("no row of " + section + " has the " + field + " " + value);
}

tezos::SignatureScheme scheme_of(const std::string& key_type) {
    if (key_type == "tz1") return tezos::SignatureScheme::Ed25519;
    if (key_type == "tz2") return tezos::SignatureScheme::Secp256k1;
    if (key_type == "tz3") return tezos::SignatureScheme::P256;
    if (key_type == "tz4") return tezos::SignatureScheme::Bls12381;
    throw std::runtime_error("no type of keys: " + key_type);
}

}  // namespace redoubt::test
