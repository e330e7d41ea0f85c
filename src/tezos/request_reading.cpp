// SPDX-License-Identifier: Apache-2.0
#include "request_reading.hpp"

#include <charconv>
#include <set>

#include <redoubt/base/encoding.hpp>
#include <redoubt/base/json.hpp>

namespace redoubt::tezos {
namespace {

/// A block header is 234 bytes at most, so 470 characters of JSON; this leaves room for DAL
/// content.
constexpr std::size_t max_body_bytes = 2048;

std::unexpected<Error> bad_request(std::string what) {
    return fail(Code::BadRequest, std::move(what));
}

/// Of up to three digits.
std::optional<unsigned> small_number(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.size() > 3 || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

Result<Bytes> read_body(const std::string& body) {
    if (body.size() > max_body_bytes) {
        return fail(Code::TooLarge, "the body is longer than any consensus message");
    }
    const auto json = parse_json(body);
    if (!json || !json->is_string())
        return bad_request("the body must be a JSON string: the payload in hexadecimal");
    auto payload = from_hex(json->get_ref<const std::string&>());
    if (!payload) return bad_request("the body must be the payload in hexadecimal");
    return std::move(*payload);
}

Result<Query> read_query(const http::Request& request) {
    if (!request.query) return std::unexpected(request.query.error());
    std::set<std::string_view> names;
    Query query;
    for (const auto& [name, value] : *request.query) {
        if (!names.insert(name).second) return bad_request("a name is given twice in the query");
        if (name == "authentication") query.authentication = value;
        if (name == "bls_pk") query.bls_pk = value;
        if (name != "version") continue;
        query.version = small_number(value);
        if (!query.version) return bad_request("`version` must be a number of up to three digits");
    }
    return query;
}

std::optional<Error> refused_version(const Query& query, const KeyInfo& key) {
    if (key.public_key.scheme() != SignatureScheme::Bls12381 || !query.version) return std::nullopt;
    if (*query.version == 2 || *query.version == 3) return std::nullopt;
    return Error{Code::BadRequest,
                 "tz4 keys sign in versions 2 and 3, not in " + std::to_string(*query.version) +
                     ", in which the caller would not take the signature: let it be a program "
                     "for protocol 023 or later",
                 {}};
}

Result<PublicKey> key_to_prove(const Query& query, const KeyInfo& key) {
    if (key.public_key.scheme() != SignatureScheme::Bls12381) {
        return bad_request("only tz4 keys prove possession, and only they need to");
    }
    if (!query.bls_pk) return key.public_key;
    auto named = parse_public_key(*query.bls_pk);
    if (!named || named->scheme() != SignatureScheme::Bls12381) {
        return bad_request("`bls_pk` must be the public key of a tz4 key: BLpk...");
    }
    return std::move(*named);
}

}  // namespace redoubt::tezos
