// SPDX-License-Identifier: Apache-2.0
#include "strict.hpp"

#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/tezos/base58.hpp>

namespace redoubt::tezos::formats {
namespace {

using namespace std::string_view_literals;

/// Whether a text is base58 of that prefix and so many bytes.
bool is_base58_of(std::string_view text, std::string_view prefix, std::size_t size) {
    const auto decoded = from_base58check(text);
    return decoded && decoded->size() == prefix.size() + size &&
           text_of(*decoded).starts_with(prefix);
}

}  // namespace

Result<Json> parse_object(std::string_view text, std::string_view what) {
    auto value = parse_json(text);
    if (!value) {
        return fail(Code::BadRequest, std::string(what) +
                                          " is not whole JSON, or names a member twice: was it cut "
                                          "short? Copy it again while its signer is stopped");
    }
    if (!value->is_object()) {
        return fail(Code::BadRequest, std::string(what) +
                                          " is not a JSON object: it is another file, or of "
                                          "another signer");
    }
    return std::move(*value);
}

Result<std::uint32_t> read_int31(const Place& place) {
    if (!place.value.is_number_integer() || place.value < 0 || place.value > max_int31) {
        return refuse(place, "is not a whole number from 0 to 2147483647");
    }
    return place.value.get<std::uint32_t>();
}

Result<ChainId> read_chain(const Place& place, std::string_view text) {
    const auto chain = parse_chain_id(text);
    if (!chain) {
        return refuse(place, "`" + shown(text) + "` is not a chain id, such as NetXdQprcVkpaWU");
    }
    return *chain;
}

Result<std::string> read_address(const Place& place, std::string_view text) {
    if (!is_address(text)) {
        return refuse(place, "`" + shown(text) + "` is not an address, such as tz2...");
    }
    return std::string(text);
}

Result<Digest> read_digest(const Place& place) {
    const auto* text = place.value.get_ptr<const std::string*>();
    const auto bytes = text == nullptr ? std::nullopt : from_hex(*text);
    if (!bytes || bytes->size() != Digest().size()) return refuse(place, "is not 32 bytes in hex");
    Digest digest{};
    std::ranges::copy(*bytes, digest.begin());
    return digest;
}

bool is_payload_hash(std::string_view text) { return is_base58_of(text, "\x01\x6a\xf2"sv, 32); }

bool is_signature(std::string_view text) {
    return parse_signature(text).has_value() || is_base58_of(text, "\x28\xab\x40\xcf"sv, 96);
}

}  // namespace redoubt::tezos::formats
