// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/public_key.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

#include <redoubt/crypto/ecdsa.hpp>

#include <fakes/secret_key.hpp>

namespace redoubt::test {
namespace {

using crypto::HighS;
using crypto::PublicKey;
using crypto::SignatureScheme;

const Bytes signed_text = {0x13, 0x37};
const Bytes other_text = {0x13, 0x38};
const crypto::Message signed_message = crypto::message_of(signed_text);
const crypto::Message another_message = crypto::message_of(other_text);

SecretKey key_of(SignatureScheme scheme) { return {scheme, ByteArray<32>{0x42, 0x17}}; }

Bytes bytes(const std::string& hex) { return from_hex(hex).value(); }

TEST(PublicKey, EveryCurveVerifiesItsOwnSignatures) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key = key_of(scheme);
        const auto signature = key.sign(signed_message);
        const PublicKey& shown = key.named().public_key;
        EXPECT_TRUE(shown.verify(signed_message, signature, HighS::Refused));
        EXPECT_TRUE(shown.verify(signed_message, signature, HighS::AcceptedOnP256));
        EXPECT_FALSE(shown.verify(another_message, signature, HighS::AcceptedOnP256));
        const SecretKey other(scheme, ByteArray<32>{0x43});
        EXPECT_FALSE(
            other.named().public_key.verify(signed_message, signature, HighS::AcceptedOnP256));
    }
}

TEST(PublicKey, OneFlippedBitOfASignatureIsEnough) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key = key_of(scheme);
        const auto right = key.sign(signed_message);
        for (std::size_t i = 0; i < right.size(); i += 7) {
            auto wrong = right;
            *(wrong.begin() + i) ^= 0x10;
            EXPECT_FALSE(
                key.named().public_key.verify(signed_message, wrong, HighS::AcceptedOnP256))
                << i;
        }
    }
}

TEST(PublicKey, ASignatureOfAnotherSizeNeverVerifies) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key = key_of(scheme);
        const auto right = key.sign(signed_message);
        ASSERT_EQ(right.size(), crypto::signature_size(scheme));
        Bytes bytes(right.begin(), right.end());
        bytes.resize(97);
        for (const std::size_t size : {0U, 1U, 31U, 32U, 48U, 63U, 64U, 65U, 95U, 96U, 97U}) {
            if (size == right.size()) continue;
            const crypto::RawSignature other(ByteView(bytes).first(size));
            for (const HighS high_s : {HighS::Refused, HighS::AcceptedOnP256}) {
                EXPECT_FALSE(key.named().public_key.verify(signed_message, other, high_s)) << size;
            }
            EXPECT_FALSE(crypto::has_low_s(scheme, other)) << size;
            EXPECT_EQ(crypto::with_low_s(scheme, other), other) << size;
        }
    }
}

TEST(PublicKey, ZeroAndTheOrderAreNoRAndNoS) {
    for (const SignatureScheme scheme : schemes) {
        const SecretKey key = key_of(scheme);
        const auto right = key.sign(signed_message);
        for (const Byte fill : {Byte{0x00}, Byte{0xff}}) {
            for (const std::size_t start : {0U, 32U}) {
                auto wrong = right;
                std::fill_n(wrong.begin() + static_cast<std::ptrdiff_t>(start), 32, fill);
                EXPECT_FALSE(
                    key.named().public_key.verify(signed_message, wrong, HighS::AcceptedOnP256));
            }
        }
    }
}

TEST(PublicKey, HighSIsTakenOnP256IfAskedForAndNeverOnSecp256k1) {
    for (const SignatureScheme scheme : {SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        const SecretKey key = key_of(scheme);
        const auto high = twin_of(scheme, key.sign(signed_message));
        const PublicKey& shown = key.named().public_key;
        EXPECT_FALSE(shown.verify(signed_message, high, HighS::Refused));
        EXPECT_EQ(shown.verify(signed_message, high, HighS::AcceptedOnP256),
                  scheme == SignatureScheme::P256);
    }
}

TEST(PublicKey, LengthsAreExact) {
    for (const SignatureScheme scheme : schemes) {
        const Bytes right = key_of(scheme).named().public_key.encoded();
        ASSERT_TRUE(PublicKey::parse(scheme, right).has_value());
        Bytes longer = right;
        longer.push_back(0);
        EXPECT_FALSE(PublicKey::parse(scheme, longer).has_value());
        EXPECT_FALSE(PublicKey::parse(scheme, ByteView(right).first(right.size() - 1)).has_value());
        EXPECT_FALSE(PublicKey::parse(scheme, ByteView(right).subspan(1)).has_value());
        EXPECT_FALSE(PublicKey::parse(scheme, {}).has_value());
    }
}

TEST(PublicKey, WhatIsNoPointIsRefused) {
    struct Row {
        std::string name;
        SignatureScheme scheme;
        std::string encoded;
    };
    const std::string zeros(62, '0'), zeros48(92, '0');
    const std::string field =
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffff"
        "ff"
        "aaab";
    const std::string generator =
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb"
        "22"
        "c6bb";
    for (const Row& row : {
             // x that have no y.
             Row{"secp256k1, x = 5", SignatureScheme::Secp256k1, "02" + zeros + "05"},
             Row{"P-256, x = 1", SignatureScheme::P256, "02" + zeros + "01"},
             Row{"P-256, x = 4", SignatureScheme::P256, "03" + zeros + "04"},
             // x at and above the field's prime.
             Row{"secp256k1, x = p", SignatureScheme::Secp256k1,
                 "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"},
             Row{"P-256, x = p", SignatureScheme::P256,
                 "02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"},
             Row{"secp256k1, x of ones", SignatureScheme::Secp256k1, "02" + std::string(64, 'f')},
             Row{"P-256, x of ones", SignatureScheme::P256, "02" + std::string(64, 'f')},
             // First bytes that say something else.
             Row{"secp256k1, uncompressed", SignatureScheme::Secp256k1, "04" + zeros + "01"},
             Row{"P-256, uncompressed", SignatureScheme::P256, "04" + zeros + "05"},
             Row{"secp256k1, infinity", SignatureScheme::Secp256k1, "00" + zeros + "00"},
             Row{"P-256, infinity", SignatureScheme::P256, "00" + zeros + "00"},
             Row{"P-256, hybrid", SignatureScheme::P256, "06" + zeros + "05"},
             // Ed25519: no point, then points of small order, then one spelled otherwise.
             Row{"Ed25519, y = 2", SignatureScheme::Ed25519, "02" + zeros},
             Row{"Ed25519, y = 0", SignatureScheme::Ed25519, "00" + zeros},
             Row{"Ed25519, identity", SignatureScheme::Ed25519, "01" + zeros},
             Row{"Ed25519, order 2", SignatureScheme::Ed25519,
                 "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
             Row{"Ed25519, order 8", SignatureScheme::Ed25519,
                 "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
             Row{"Ed25519, y = p + 1", SignatureScheme::Ed25519,
                 "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
             // BLS: infinity and its other spellings, no point, points outside of the subgroup.
             Row{"BLS, infinity", SignatureScheme::Bls12381, "c0" + zeros48 + "00"},
             Row{"BLS, infinity with a sign", SignatureScheme::Bls12381, "e0" + zeros48 + "00"},
             Row{"BLS, infinity with an x", SignatureScheme::Bls12381, "c0" + zeros48 + "01"},
             Row{"BLS, all zero", SignatureScheme::Bls12381, "00" + zeros48 + "00"},
             Row{"BLS, x = 1 has no y", SignatureScheme::Bls12381, "80" + zeros48 + "01"},
             Row{"BLS, x = 0 has order 3", SignatureScheme::Bls12381, "80" + zeros48 + "00"},
             Row{"BLS, x = 4 is outside", SignatureScheme::Bls12381, "80" + zeros48 + "04"},
             Row{"BLS, x = 4 negative", SignatureScheme::Bls12381, "a0" + zeros48 + "04"},
             Row{"BLS, x = p", SignatureScheme::Bls12381, "9a" + field.substr(2)},
             Row{"BLS, x of ones", SignatureScheme::Bls12381, "9f" + std::string(94, 'f')},
             Row{"BLS, not said to be compressed", SignatureScheme::Bls12381,
                 "17" + generator.substr(2)},
         }) {
        EXPECT_FALSE(PublicKey::parse(row.scheme, bytes(row.encoded)).has_value()) << row.name;
    }
    // That such an x can be right.
    EXPECT_TRUE(
        PublicKey::parse(SignatureScheme::Secp256k1, bytes("02" + zeros + "01")).has_value());
    EXPECT_TRUE(PublicKey::parse(SignatureScheme::P256, bytes("03" + zeros + "05")).has_value());
    EXPECT_TRUE(PublicKey::parse(SignatureScheme::Bls12381, bytes(generator)).has_value());
}

TEST(Spki, IsReadForTheThreeCurves) {
    for (const SignatureScheme scheme : kms_schemes) {
        const SecretKey key = key_of(scheme);
        EXPECT_EQ(PublicKey::parse_spki(key.spki()), key.named().public_key);
    }
}

TEST(Spki, IsReadInItsOneFormOnly) {
    for (const SignatureScheme scheme : kms_schemes) {
        const Bytes right = key_of(scheme).spki();
        Bytes longer = right;
        longer.push_back(0);
        EXPECT_FALSE(PublicKey::parse_spki(longer).has_value());
        EXPECT_FALSE(PublicKey::parse_spki(ByteView(right).first(right.size() - 1)).has_value());
        EXPECT_FALSE(PublicKey::parse_spki({}).has_value());
        const std::size_t header = right.size() - (scheme == SignatureScheme::Ed25519 ? 32 : 65);
        for (std::size_t i = 0; i < header; ++i) {
            Bytes wrong = right;
            wrong[i] ^= 0x01;
            EXPECT_FALSE(PublicKey::parse_spki(wrong).has_value()) << i;
        }
    }
}

TEST(Spki, APointThatIsNotOnTheCurveIsRefused) {
    for (const SignatureScheme scheme : {SignatureScheme::Secp256k1, SignatureScheme::P256}) {
        const Bytes right = key_of(scheme).spki();
        Bytes wrong_y = right;
        wrong_y.back() ^= 0x02;  // keeps the parity, so the compressed form would not notice
        EXPECT_FALSE(PublicKey::parse_spki(wrong_y).has_value());
        Bytes wrong_x = right;
        wrong_x[wrong_x.size() - 33] ^= 0x01;
        EXPECT_FALSE(PublicKey::parse_spki(wrong_x).has_value());
        const std::size_t tag = right.size() - 65;
        for (const unsigned form : {0x00U, 0x02U, 0x03U, 0x05U, 0x06U, 0x07U}) {
            Bytes other_form = right;
            other_form[tag] = static_cast<Byte>(form);
            EXPECT_FALSE(PublicKey::parse_spki(other_form).has_value()) << form;
        }
    }
}

TEST(Spki, OtherCurvesAreRefused) {
    // P-384 (RFC 5480): the OID 1.3.132.0.34.
    EXPECT_FALSE(PublicKey::parse_spki(bytes("3076301006072a8648ce3d020106052b81040022036200" +
                                             std::string(194, '1')))
                     .has_value());
}

}  // namespace
}  // namespace redoubt::test
