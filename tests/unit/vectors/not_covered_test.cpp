// SPDX-License-Identifier: Apache-2.0
#include "not_covered.hpp"

#include <gtest/gtest.h>

#include <fakes/world.hpp>
#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

bool is_of_tz4(const std::string& section, const Json& row) {
    if (section == "payloads") return row.at("key_types") == Json{"tz4"};
    if (section == "authentication") {
        return text(row, "signer_pkh").starts_with("tz4") ||
               text(row, "authorized_key").starts_with("BLpk");
    }
    return text(row, "key_type") == "tz4";
}

std::string name_of(const std::string& section, const Json& row, std::size_t index) {
    if (section == "payload_signatures") return section + "/" + text(row, "payload_id") + "/tz4";
    if (section == "keys") return section + "/" + text(row, "pkh");
    if (section == "bls") return section + "/" + std::to_string(index);
    return section + "/" + text(row, "id");
}

TEST(NotCoveredYet, NamesExactlyTheRowsOfTz4) {
    std::set<std::string> skipped;
    for (const std::string section :
         {"payloads", "refuse", "payload_signatures", "keys", "authentication", "bls"}) {
        const Json& rows = tezos_vectors(section);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (is_of_tz4(section, rows[i])) skipped.insert(name_of(section, rows[i], i));
        }
    }
    EXPECT_EQ(skipped, rows_not_covered_yet());
}

TEST(NotCoveredYet, PayloadsOfTz4AreRefusedByTheParser) {
    for (const Json& row : tezos_vectors("payloads")) {
        if (!is_of_tz4("payloads", row)) continue;
        SCOPED_TRACE(text(row, "id"));
        const auto message =
            tezos::parse_payload(hex(row, "payload"), tezos::SignatureScheme::Secp256k1);
        ASSERT_FALSE(message.has_value());
        EXPECT_EQ(name(message.error().code), "kind_not_allowed");
    }
}

TEST(NotCoveredYet, PayloadsOfTz4AreRefusedForOurKeys) {
    for (const Json& row : tezos_vectors("payloads")) {
        if (!is_of_tz4("payloads", row)) continue;
        for (const std::string type : {"tz1", "tz2", "tz3"}) {
            SCOPED_TRACE(text(row, "id") + " by " + type);
            World world;
            expect_refusal(world.ask_to_sign(world.key(scheme_of(type)), hex(row, "payload")), 403,
                           "kind_not_allowed");
            EXPECT_EQ(world.calls(), 0);
        }
    }
}

TEST(NotCoveredYet, NoTz4KeyIsHeldOrRead) {
    for (const Json& row : tezos_vectors("keys")) {
        if (!is_of_tz4("keys", row)) continue;
        SCOPED_TRACE(text(row, "pkh"));
        EXPECT_EQ(tezos::parse_key_hash(text(row, "pkh")), std::nullopt);
        EXPECT_FALSE(tezos::parse_public_key(text(row, "public_key")).has_value());
        World world;
        expect_refusal(world.ask({"GET", "/keys/" + text(row, "pkh"), {}, {}}), 404, "unknown_key");
    }
}

TEST(NotCoveredYet, EveryPayloadForATz4KeyIsRefused) {
    const std::string address = text(row_where("keys", "key_type", "tz4"), "pkh");
    for (const std::string section : {"payloads", "refuse"}) {
        for (const Json& row : tezos_vectors(section)) {
            if (!is_of_tz4(section, row)) continue;
            SCOPED_TRACE(text(row, "id"));
            World world;
            const auto answered =
                world.ask({"POST", "/keys/" + address, {}, "\"" + text(row, "payload") + "\""});
            expect_refusal(answered, 404, "unknown_key");
            EXPECT_EQ(world.calls(), 0);
        }
    }
}

TEST(NotCoveredYet, SignaturesAndKeysOfTz4AreNotRead) {
    for (const std::string section : {"payload_signatures", "bls"}) {
        for (const Json& row : tezos_vectors(section)) {
            if (!is_of_tz4(section, row)) continue;
            SCOPED_TRACE(text(row, "signature"));
            EXPECT_FALSE(tezos::parse_signature(text(row, "signature")).has_value());
            EXPECT_FALSE(tezos::parse_public_key(text(row, "public_key")).has_value());
        }
    }
}

TEST(NotCoveredYet, AuthenticationThatInvolvesTz4IsRefused) {
    for (const Json& row : tezos_vectors("authentication")) {
        if (!is_of_tz4("authentication", row)) continue;
        SCOPED_TRACE(text(row, "id"));
        if (text(row, "signer_pkh").starts_with("tz4")) {
            EXPECT_FALSE(tezos::parse_key_hash(text(row, "signer_pkh")).has_value());
        }
        if (text(row, "authorized_key").starts_with("BLpk")) {
            EXPECT_FALSE(tezos::parse_public_key(text(row, "authorized_key")).has_value());
            World world;
            auto request = world.to_sign(world.signer.keys.front(), hex(row, "payload"));
            request.query = http::Pairs{{"authentication", text(row, "authentication")}};
            expect_refusal(world.ask(request), 401, "authentication_invalid");
            EXPECT_EQ(world.calls(), 0);
        }
    }
}

}  // namespace
}  // namespace redoubt::test
