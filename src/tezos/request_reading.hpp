// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <redoubt/http/message.hpp>
#include <redoubt/tezos/keys.hpp>

/// What a request of the remote signer's protocol says beside its path.
namespace redoubt::tezos {

/// The payload. Errors: bad_request, too_large.
[[nodiscard]] Result<Bytes> read_body(const std::string& body);

/// What of a query means something here.
struct Query {
    std::optional<std::string> authentication;
    std::optional<unsigned> version;
    std::optional<std::string> bls_pk;
};

/// Error: bad_request, also for what is given twice.
[[nodiscard]] Result<Query> read_query(const http::Request& request);

/// A client's version of the signature schemes decides on BLS alone. Of the others none has
/// changed, so a later one will do.
[[nodiscard]] std::optional<Error> refused_version(const Query& query, const KeyInfo& key);

/// Whom a tz4 key is to vouch for: itself, or the one that the query names. Error: bad_request.
[[nodiscard]] Result<PublicKey> key_to_prove(const Query& query, const KeyInfo& key);

}  // namespace redoubt::tezos
