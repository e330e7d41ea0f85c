// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/tezos/formats/marks.hpp>

/// Reads values of a file and says where it was that one was not as it should be. Names are shown,
/// but no values: a file that was given by mistake may hold secrets.
namespace redoubt::tezos::formats {

/// A value, and where it stands.
struct Place {
    const Json& value;
    std::string path;  // "block_high_watermarks, NetX..., tz2..."

    [[nodiscard]] Place at(std::string_view name, const Json& member) const;
};

/// `bad_request`: "<path>: <what>".
[[nodiscard]] std::unexpected<Error> refuse(const Place& place, std::string_view what);

/// A name from a file as a message may show it: never long, and nothing that moves a cursor.
[[nodiscard]] std::string shown(std::string_view name);

/// The one JSON object that `text` is. `what` names it in messages.
[[nodiscard]] Result<Json> parse_object(std::string_view text, std::string_view what);

/// That it is an object with all of `required`, and no others than those and `optional`.
[[nodiscard]] Result<void> check_members(const Place& place,
                                         std::initializer_list<std::string_view> required,
                                         std::initializer_list<std::string_view> optional = {});

/// A whole number from 0 to 2^31 - 1.
[[nodiscard]] Result<std::uint32_t> read_int31(const Place& place);
[[nodiscard]] Result<const std::string*> read_text(const Place& place);
[[nodiscard]] Result<ChainId> read_chain(const Place& place, std::string_view text);
[[nodiscard]] Result<std::string> read_address(const Place& place, std::string_view text);
/// 32 bytes in hex.
[[nodiscard]] Result<Digest> read_digest(const Place& place);
/// `vh...`, a payload hash: as Signatory writes digests.
[[nodiscard]] bool is_payload_hash(std::string_view text);
/// Of any of Tezos' schemes up to BLS.
[[nodiscard]] bool is_signature(std::string_view text);

}  // namespace redoubt::tezos::formats
