// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/ecdsa.hpp>

#include <gtest/gtest.h>

#include <algorithm>

#include <redoubt/base/encoding.hpp>

#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using crypto::RawSignature;
using crypto::SignatureScheme;

constexpr std::array both = {SignatureScheme::Secp256k1, SignatureScheme::P256};

// SEC 2 version 2, sections 2.4.1 and 2.4.2.
std::string order_of(SignatureScheme scheme) {
    return scheme == SignatureScheme::Secp256k1
               ? "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
               : "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
}
// (order - 1) / 2
std::string half_of(SignatureScheme scheme) {
    return scheme == SignatureScheme::Secp256k1
               ? "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"
               : "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";
}
std::string half_plus_one_of(SignatureScheme scheme) {
    return scheme == SignatureScheme::Secp256k1
               ? "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1"
               : "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9";
}
std::string order_minus_one_of(SignatureScheme scheme) {
    std::string order = order_of(scheme);
    order.back() = '0';
    return order;
}

const std::string one = std::string(63, '0') + "1";

RawSignature signature(const std::string& r, const std::string& s) {
    return RawSignature(from_hex(r + s).value());
}

Bytes der(const std::string& text) { return from_hex(text).value(); }

/// INTEGER, `body` as it stands.
std::string integer(const std::string& body) {
    const std::array<Byte, 1> length = {static_cast<Byte>(body.size() / 2)};
    return "02" + to_hex(length) + body;
}
std::string sequence(const std::string& body) {
    const std::array<Byte, 1> length = {static_cast<Byte>(body.size() / 2)};
    return "30" + to_hex(length) + body;
}

TEST(DerSignature, IsReadIntoFixedLengths) {
    struct Row {
        std::string name, r, s, r_padded, s_padded;
    };
    const std::string high = "80" + std::string(62, '0');
    for (const Row& row : {
             Row{"ones", "01", "01", one, one},
             Row{"top bit shielded", "00" + high, "7f", high, std::string(62, '0') + "7f"},
             Row{"short by one byte", std::string(62, '1'), std::string(62, '2'),
                 "00" + std::string(62, '1'), "00" + std::string(62, '2')},
             Row{"one shielded byte", "0080", "00ff", std::string(62, '0') + "80",
                 std::string(62, '0') + "ff"},
         }) {
        for (const SignatureScheme scheme : both) {
            EXPECT_EQ(
                crypto::parse_der_signature(scheme, der(sequence(integer(row.r) + integer(row.s)))),
                signature(row.r_padded, row.s_padded))
                << row.name;
        }
    }
}

TEST(DerSignature, EveryOtherSpellingIsRefused) {
    struct Row {
        std::string name, der;
    };
    const std::string r = integer("11"), s = integer("22");
    for (const Row& row : {
             Row{"empty", ""},
             Row{"sequence tag alone", "30"},
             Row{"empty sequence", "3000"},
             Row{"one integer", sequence(r)},
             Row{"three integers", sequence(r + s + s)},
             Row{"set instead of sequence", "31" + sequence(r + s).substr(2)},
             Row{"sequence short by one", "3005" + r + s},
             Row{"sequence long by one", "3007" + r + s},
             Row{"byte after the sequence", sequence(r + s) + "00"},
             Row{"byte after s inside of the sequence", sequence(r + s + "00")},
             Row{"last byte cut", sequence(r + s).substr(0, sequence(r + s).size() - 2)},
             Row{"r short by one", sequence("020011" + s)},
             Row{"r long by one", sequence("020211" + s)},
             Row{"s short by one", sequence(r + "020022")},
             Row{"s long by one", sequence(r + "020222")},
             Row{"r of no bytes", sequence("0200" + s)},
             Row{"s of no bytes", sequence(r + "0200")},
             Row{"r no integer", sequence("030111" + s)},
             Row{"s no integer", sequence(r + "040122")},
             Row{"r zero", sequence(integer("00") + s)},
             Row{"s zero", sequence(r + integer("00"))},
             Row{"r negative", sequence(integer("80") + s)},
             Row{"s negative", sequence(r + integer("ff"))},
             Row{"r padded", sequence(integer("0011") + s)},
             Row{"s padded", sequence(r + integer("007f"))},
             Row{"r padded twice", sequence(integer("000080") + s)},
             Row{"r of 33 bytes", sequence(integer("01" + std::string(64, '0')) + s)},
             Row{"s of 34 bytes", sequence(r + integer("0080" + std::string(64, '0')))},
             Row{"long form of the sequence's length", "308106" + r + s},
             Row{"indefinite length", "3080" + r + s + "0000"},
             Row{"long form of r's length", sequence("02810111" + s)},
         }) {
        for (const SignatureScheme scheme : both) {
            EXPECT_EQ(crypto::parse_der_signature(scheme, der(row.der)), std::nullopt) << row.name;
        }
    }
}

TEST(DerSignature, RAndSAreBelowTheOrder) {
    for (const SignatureScheme scheme : both) {
        const std::string order = integer("00" + order_of(scheme));
        const std::string below = integer("00" + order_minus_one_of(scheme));
        const std::string any = integer("11");
        EXPECT_TRUE(crypto::parse_der_signature(scheme, der(sequence(below + below))).has_value());
        EXPECT_FALSE(crypto::parse_der_signature(scheme, der(sequence(order + any))).has_value());
        EXPECT_FALSE(crypto::parse_der_signature(scheme, der(sequence(any + order))).has_value());
        const std::string ones = integer("00" + std::string(64, 'f'));
        EXPECT_FALSE(crypto::parse_der_signature(scheme, der(sequence(any + ones))).has_value());
    }
}

TEST(DerSignature, Ed25519HasNone) {
    EXPECT_FALSE(crypto::parse_der_signature(SignatureScheme::Ed25519,
                                             der(sequence(integer("11") + integer("22"))))
                     .has_value());
}

TEST(LowS, TurnsExactlyAboveHalfTheOrder) {
    for (const SignatureScheme scheme : both) {
        const auto low = signature(one, half_of(scheme));
        const auto high = signature(one, half_plus_one_of(scheme));
        EXPECT_TRUE(crypto::has_low_s(scheme, low));
        EXPECT_EQ(crypto::with_low_s(scheme, low), low);
        EXPECT_FALSE(crypto::has_low_s(scheme, high));
        EXPECT_EQ(crypto::with_low_s(scheme, high), low);
    }
}

TEST(LowS, TheOrderMinusOneBecomesOne) {
    for (const SignatureScheme scheme : both) {
        EXPECT_TRUE(crypto::has_low_s(scheme, signature(one, one)));
        const auto largest = signature(one, order_minus_one_of(scheme));
        EXPECT_FALSE(crypto::has_low_s(scheme, largest));
        EXPECT_EQ(crypto::with_low_s(scheme, largest), signature(one, one));
    }
}

TEST(LowS, EachCurveHasItsOwnOrder) {
    const auto between = signature(one, half_plus_one_of(SignatureScheme::P256));
    EXPECT_FALSE(crypto::has_low_s(SignatureScheme::P256, between));
    EXPECT_TRUE(crypto::has_low_s(SignatureScheme::Secp256k1, between));
}

TEST(LowS, Ed25519IsLeftAlone) {
    const auto any = signature(one, std::string(64, 'f'));
    EXPECT_TRUE(crypto::has_low_s(SignatureScheme::Ed25519, any));
    EXPECT_EQ(crypto::with_low_s(SignatureScheme::Ed25519, any), any);
}

TEST(LowS, OfRandomSignaturesIsTheTwinOrTheSame) {
    for (const SignatureScheme scheme : both) {
        const SecretKey key(scheme, ByteArray<32>{0x42});
        int high = 0;
        for (Byte i = 0; i < 40; ++i) {
            const crypto::Digest digest = {i};
            const auto parsed = crypto::parse_der_signature(scheme, key.sign_as_kms(digest));
            ASSERT_TRUE(parsed.has_value());
            const auto low = crypto::with_low_s(scheme, *parsed);
            EXPECT_TRUE(crypto::has_low_s(scheme, low));
            high += low != *parsed;
            EXPECT_TRUE(low == *parsed || low == twin_of(scheme, *parsed));
        }
        EXPECT_GT(high, 0);
        EXPECT_LT(high, 40);
    }
}

}  // namespace
}  // namespace redoubt::test
