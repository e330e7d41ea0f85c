// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fakes/world.hpp>
#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

/// What the design says of a payload that no tz1, tz2 or tz3 key signs.
Code expected_code(ByteView payload) {
    if (payload.empty()) return Code::BadPayload;
    if (payload[0] < 0x11 || payload[0] > 0x13) return Code::KindNotAllowed;
    const bool is_vote = payload[0] != 0x11;
    // The contents tag of a tz4 key.
    if (is_vote && payload.size() > 37 && (payload[37] == 40 || payload[37] == 41)) {
        return Code::KindNotAllowed;
    }
    return Code::BadPayload;
}

TEST(RefusalVectors, AreRefusedByTheParser) {
    for (const Json& row : tezos_vectors("refuse")) {
        if (text(row, "key_type") == "tz4") continue;
        SCOPED_TRACE(text(row, "id") + ": " + text(row, "reason"));
        const Bytes payload = hex(row, "payload");
        EXPECT_EQ(payload.size(), number(row, "length"));
        const auto message = tezos::parse_payload(payload, tezos::SignatureScheme::Secp256k1);
        ASSERT_FALSE(message.has_value());
        EXPECT_EQ(name(message.error().code), name(expected_code(payload)));
    }
}

std::vector<std::string> types_of(const Json& row) {
    const std::string type = text(row, "key_type");
    if (type == "any") return {"tz1", "tz2", "tz3"};
    return {type};
}

/// A body of more than 2 KB is refused unread.
bool is_too_large(ByteView payload) { return payload.size() * 2 + 3 > 2048; }

TEST(RefusalVectors, AreRefusedBeforeAnyCall) {
    for (const Json& row : tezos_vectors("refuse")) {
        if (text(row, "key_type") == "tz4") continue;
        for (const std::string& type : types_of(row)) {
            SCOPED_TRACE(text(row, "id") + " by " + type);
            World world;
            const Bytes payload = hex(row, "payload");
            const auto answered = world.ask_to_sign(world.key(scheme_of(type)), payload);
            const Code code = is_too_large(payload) ? Code::TooLarge : expected_code(payload);
            expect_refusal(answered,
                           code == Code::KindNotAllowed ? 403
                           : code == Code::TooLarge     ? 413
                                                        : 400,
                           name(code));
            EXPECT_EQ(world.calls(), 0);
        }
    }
}

TEST(RefusalVectors, SomePayloadsAreRefusedForOneKeyTypeAndSignedByAnother) {
    for (const std::string id : {"tz4-att", "tz4-attdal"}) {
        SCOPED_TRACE(id);
        const Json& row = row_where("refuse", "id", id);
        EXPECT_EQ(text(row, "key_type"), "tz4");
        EXPECT_TRUE(tezos::parse_payload(hex(row, "payload"), tezos::SignatureScheme::Secp256k1)
                        .has_value());
    }
    const Bytes of_tz4 = hex(row_where("payloads", "id", "c-bls-preatt"), "payload");
    EXPECT_EQ(of_tz4, hex(row_where("refuse", "id", "tz2-bls-pre"), "payload"));
}

}  // namespace
}  // namespace redoubt::test
