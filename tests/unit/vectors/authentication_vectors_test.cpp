// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>
#include <redoubt/tezos/authentication.hpp>

#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

tezos::KeyInfo named(const std::string& public_key) {
    return tezos::KeyInfo(tezos::parse_public_key(public_key).value());
}

TEST(AuthenticationVectors, AreJudgedAsTheySay) {
    for (const Json& row : tezos_vectors("authentication")) {
        SCOPED_TRACE(text(row, "id"));
        const auto signer =
            named(text(row_where("keys", "pkh", text(row, "signer_pkh")), "public_key"));
        const tezos::Keys authorized = {named(text(row, "authorized_key"))};
        EXPECT_EQ(authorized[0].address, text(row, "authorized_key_pkh"));
        const auto authenticated = tezos::authenticate(
            {signer, hex(row, "payload"), text(row, "authentication")}, authorized);
        EXPECT_EQ(authenticated.has_value(), flag(row, "valid"));
        if (!authenticated) {
            EXPECT_EQ(name(authenticated.error().code), "authentication_invalid");
            continue;
        }
        EXPECT_EQ(authenticated->payload(), hex(row, "payload"));
        EXPECT_EQ(authenticated->key().address, text(row, "signer_pkh"));
        const Bytes message = tezos::authentication_message(signer.hash, hex(row, "payload"));
        EXPECT_EQ(to_hex(message), text(row, "auth_message"));
        const std::string digest = to_hex(crypto::blake2b_256(message));
        EXPECT_EQ(row.value("auth_digest", digest), digest);
    }
}

TEST(AuthenticationVectors, AnyOfSeveralAuthorizedKeysWillDo) {
    tezos::Keys authorized;
    for (const Json& row : tezos_vectors("authentication")) {
        if (!flag(row, "valid")) continue;
        auto key = named(text(row, "authorized_key"));
        if (tezos::find(authorized, key.hash) == nullptr) authorized.push_back(std::move(key));
    }
    ASSERT_EQ(authorized.size(), 4U);
    for (const Json& row : tezos_vectors("authentication")) {
        // Signed by a key that is not the one of the row, but is in this longer list.
        if (text(row, "id") == "auth-bad-unlisted" || text(row, "id") == "auth-bad-kind") continue;
        SCOPED_TRACE(text(row, "id"));
        const auto signer =
            named(text(row_where("keys", "pkh", text(row, "signer_pkh")), "public_key"));
        EXPECT_EQ(tezos::authenticate({signer, hex(row, "payload"), text(row, "authentication")},
                                      authorized)
                      .has_value(),
                  flag(row, "valid"));
    }
}

}  // namespace
}  // namespace redoubt::test
