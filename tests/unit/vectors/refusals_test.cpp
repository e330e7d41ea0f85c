// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include <fakes/world.hpp>
#include "tezos_vectors.hpp"

namespace redoubt::test {
namespace {

/// What the design says of a payload that no key of that type signs.
Code expected_code(ByteView payload, const std::string& type) {
    if (payload.empty()) return Code::BadPayload;
    if (payload[0] < 0x11 || payload[0] > 0x13) return Code::KindNotAllowed;
    const bool is_vote = payload[0] != 0x11;
    if (!is_vote || payload.size() <= 37) return Code::BadPayload;
    // The contents tag of a key of another type.
    const std::set<Byte> others =
        type == "tz4" ? std::set<Byte>{20, 21, 23} : std::set<Byte>{40, 41};
    return others.contains(payload[37]) ? Code::KindNotAllowed : Code::BadPayload;
}

std::vector<std::string> refused_types(const Json& row) {
    const std::string type = text(row, "key_type");
    if (type == "any") return {"tz1", "tz2", "tz3", "tz4"};
    return {type};
}

TEST(RefusalVectors, AreRefusedByTheParser) {
    for (const Json& row : tezos_vectors("refuse")) {
        SCOPED_TRACE(text(row, "id") + ": " + text(row, "reason"));
        const Bytes payload = hex(row, "payload");
        EXPECT_EQ(payload.size(), number(row, "length"));
        for (const std::string& type : refused_types(row)) {
            const auto message = tezos::parse_payload(payload, scheme_of(type));
            ASSERT_FALSE(message.has_value()) << type;
            EXPECT_EQ(name(message.error().code), name(expected_code(payload, type))) << type;
        }
    }
}

/// A body of more than 2 KB is refused unread.
bool is_too_large(ByteView payload) { return payload.size() * 2 + 3 > 2048; }

TEST(RefusalVectors, AreRefusedBeforeAnyCall) {
    for (const Json& row : tezos_vectors("refuse")) {
        for (const std::string& type : refused_types(row)) {
            SCOPED_TRACE(text(row, "id") + " by " + type);
            World world;
            const Bytes payload = hex(row, "payload");
            const auto answered = world.ask_to_sign(world.key(scheme_of(type)), payload);
            const Code code = is_too_large(payload) ? Code::TooLarge : expected_code(payload, type);
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
