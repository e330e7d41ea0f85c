// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/tezos/types.hpp>

/// tests/vectors/tezos.json: what other implementations and real chains say.
namespace redoubt::test {

/// A section's rows; `kms.spki` for nested ones. Throws if the file is not of the shape that the
/// tests know, so that no row is passed over in silence.
[[nodiscard]] const Json& tezos_vectors(const std::string& section);

/// Everything in a document that the tests would pass over or stumble on: a section that is
/// missing, unknown or empty; a row without a field, with an unknown one, or with an unknown value
/// of one that decides.
[[nodiscard]] std::vector<std::string> mistakes_of(const Json& document);

/// The file as it is.
[[nodiscard]] Json tezos_vectors_document();

// Fields of a row; each throws if it is not there or of another type.
[[nodiscard]] std::string text(const Json& row, const std::string& field);
[[nodiscard]] Bytes hex(const Json& row, const std::string& field);
template <std::size_t N>
[[nodiscard]] ByteArray<N> hex_array(const Json& row, const std::string& field) {
    const Bytes bytes = hex(row, field);
    if (bytes.size() != N) throw std::runtime_error(field + " has another length");
    ByteArray<N> out{};
    std::ranges::copy(bytes, out.begin());
    return out;
}
[[nodiscard]] std::uint32_t number(const Json& row, const std::string& field);
[[nodiscard]] bool flag(const Json& row, const std::string& field);

/// The row of a section whose `field` is `value`; throws if there is none.
[[nodiscard]] const Json& row_where(const std::string& section, const std::string& field,
                                    const std::string& value);

/// `tz1`, `tz2`, `tz3`, `tz4`; throws for others.
[[nodiscard]] tezos::SignatureScheme scheme_of(const std::string& key_type);

}  // namespace redoubt::test
