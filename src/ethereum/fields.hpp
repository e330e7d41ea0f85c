// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/place.hpp>
#include <redoubt/ethereum/types.hpp>

namespace redoubt::ethereum {

/// Inclusive.
struct Bounds {
    std::uint64_t lowest = 0;
    std::uint64_t highest = std::numeric_limits<std::uint64_t>::max();
};

/// Reads the members of a JSON object, each of which has to be there, and keeps the first mistake.
/// After it all reads give zeros, so that a parser may read on and look once.
class Fields {
public:
    /// `mistake` is empty, or has one already; it outlives this, and so does the JSON.
    Fields(json::Place place, std::optional<Error>& mistake);

    [[nodiscard]] bool failed() const { return mistake_.has_value(); }
    [[nodiscard]] bool has(std::string_view name) const;

    /// That there are no others than these.
    void only(std::initializer_list<std::string_view> names);

    /// Decimal digits in a text, as the beacon API writes them, or a JSON integer.
    [[nodiscard]] std::uint64_t number(std::string_view name, Bounds bounds = {});
    /// A JSON integer alone.
    [[nodiscard]] std::uint64_t integer(std::string_view name, Bounds bounds = {});
    [[nodiscard]] bool boolean(std::string_view name);
    [[nodiscard]] const std::string& text(std::string_view name);
    /// `0x` and exactly so many bytes in hex.
    template <std::size_t N>
    [[nodiscard]] ByteArray<N> bytes(std::string_view name) {
        const std::string& given = text(name);
        const auto read = parse_prefixed_hex<N>(given);
        if (!read) refuse(name, "is not `0x` and " + std::to_string(N) + " bytes in hex");
        return read.value_or(ByteArray<N>{});
    }
    /// `0x` and at most so many bytes in hex.
    [[nodiscard]] Bytes bytes_up_to(std::string_view name, std::size_t most);
    /// Hex without `0x`, of so many bytes, as files of keys and deposits have it.
    [[nodiscard]] Bytes bare_hex(std::string_view name, Bounds size);
    template <std::size_t N>
    [[nodiscard]] ByteArray<N> bare_bytes(std::string_view name) {
        ByteArray<N> out{};
        std::ranges::copy(bare_hex(name, {N, N}), out.begin());
        return out;
    }
    /// A public key as EIP-3076 and the beacon API write it, `0x` included.
    [[nodiscard]] PublicKey public_key(std::string_view name) { return {bytes<48>(name)}; }

    [[nodiscard]] Fields object(std::string_view name);
    /// `read(Fields)` for each object of a list of at most that many, until one is mistaken.
    template <class Read>
    void each(std::string_view name, std::size_t most, Read read) {
        const Json& list = array(name, most);
        for (std::size_t i = 0; i < list.size() && !failed(); ++i) {
            const std::string entry = std::string(name) + " " + std::to_string(i + 1);
            read(Fields(place_.at(entry, list[i]), mistake_));
        }
    }

    /// Says that a member is not as it should be: "<path>, <name>: <what>".
    void refuse(std::string_view name, std::string_view what);

private:
    /// Null, and a mistake, if it is not there.
    const Json* find(std::string_view name);
    /// An empty one if it is none.
    const Json& array(std::string_view name, std::size_t most);

    json::Place place_;
    std::optional<Error>& mistake_;
};

}  // namespace redoubt::ethereum
