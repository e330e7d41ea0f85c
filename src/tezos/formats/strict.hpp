// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <redoubt/base/place.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/tezos/formats/marks.hpp>

/// Texts and numbers of files that only Tezos' signers write.
namespace redoubt::tezos::formats {

using json::check_members;
using json::Place;
using json::read_text;
using json::refuse;
using json::shown;

/// The one JSON object that `text` is. `what` names it in messages.
[[nodiscard]] Result<Json> parse_object(std::string_view text, std::string_view what);

/// A whole number from 0 to 2^31 - 1.
[[nodiscard]] Result<std::uint32_t> read_int31(const Place& place);
[[nodiscard]] Result<ChainId> read_chain(const Place& place, std::string_view text);
[[nodiscard]] Result<std::string> read_address(const Place& place, std::string_view text);
/// 32 bytes in hex.
[[nodiscard]] Result<Digest> read_digest(const Place& place);
/// `vh...`, a payload hash: as Signatory writes digests.
[[nodiscard]] bool is_payload_hash(std::string_view text);
/// Of any of Tezos' schemes up to BLS.
[[nodiscard]] bool is_signature(std::string_view text);

}  // namespace redoubt::tezos::formats
