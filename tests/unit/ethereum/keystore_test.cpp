// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/keystore.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include <ethereum/keystore_parts.hpp>
#include <redoubt/base/json.hpp>

#include "equipment.hpp"

namespace redoubt::ethereum::test {
namespace {

constexpr std::string_view password = "correct horse battery";
const crypto::Scrypt cheap_scrypt{1024, 8, 1};
const crypto::Pbkdf2 cheap_pbkdf2{crypto::Prf::HmacSha256, 1024};

Json keystore(const Kdf& kdf = cheap_pbkdf2) {
    const KeystoreRandomness random{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    const auto normal = normal_password(password).value();
    const auto key = decryption_key(kdf, random.salt, normal.view());
    return parse_json(to_json(encrypted(random, kdf, key, secret(), "m/12381/3600/0/0/0"))).value();
}

std::string opened(const Json& file, std::string_view by = password,
                   WeakKdf weak = WeakKdf::Accepted) {
    const auto key = open_keystore(dump(file), by, weak);
    return key ? to_hex(key->big_endian()) : key.error().message;
}

TEST(Keystore, OpensToItsSecret) {
    for (const Kdf& kdf : {Kdf(cheap_scrypt), Kdf(cheap_pbkdf2)}) {
        EXPECT_EQ(opened(keystore(kdf)), to_hex(secret().big_endian()));
    }
    EXPECT_EQ(keystore().at("uuid"), "07080900-0000-4000-8000-000000000000");
    EXPECT_EQ(keystore().at("path"), "m/12381/3600/0/0/0");
}

TEST(KeystoreWriter, HasARandomSaltAndEachFileAnIv) {
    const auto of = [](const Json& file, const char* path) {
        return file.at(Json::json_pointer(path)).get<std::string>();
    };
    const auto one = KeystoreWriter::begin(password, KeystoreKdf::Pbkdf2).value(),
               two = KeystoreWriter::begin(password, KeystoreKdf::Pbkdf2).value();
    const auto written = [](const KeystoreWriter& writer) {
        return parse_json(writer.write(secret(), "m/12381/3600/7/0/0").value()).value();
    };
    const Json first = written(one), second = written(one), third = written(two);
    for (const char* random : {"/crypto/cipher/params/iv", "/uuid"}) {
        EXPECT_NE(of(first, random), of(second, random)) << random;
        EXPECT_NE(of(first, random), of(third, random)) << random;
    }
    const char* salt = "/crypto/kdf/params/salt";
    EXPECT_EQ(of(first, salt), of(second, salt));
    EXPECT_NE(of(first, salt), of(third, salt));
    EXPECT_EQ(first.at("path"), "m/12381/3600/7/0/0");
    EXPECT_EQ(first.at("crypto").at("kdf").at("params").at("c"), 262144);
    EXPECT_EQ(opened(second, password, WeakKdf::Refused), to_hex(secret().big_endian()));
}

TEST(KeystoreWriter, IsOfALongPassword) {
    const auto refusal = [](std::string_view by) {
        return KeystoreWriter::begin(by, KeystoreKdf::Pbkdf2).error().message;
    };
    EXPECT_EQ(refusal("elevenchars"),
              "the keystore's password has fewer than 12 characters that count");
    EXPECT_EQ(refusal("elevenchars\x01\x02\x7f"), refusal("elevenchars"));
    EXPECT_EQ(refusal("twelve\xff chars"), "the password is not UTF-8 of at most 1024 bytes");
    EXPECT_EQ(refusal(std::string(1025, 'x')), refusal("\xff"));
}

TEST(KeystorePassword, IsNfkdWithoutControlCodes) {
    const auto normal = [](std::string_view text) {
        return to_hex(normal_password(text).value().view());
    };
    using namespace std::string_view_literals;
    EXPECT_EQ(normal("pass\0wo\x1frd\x7f\u0080\u009f x"sv), normal("password x"));
    EXPECT_EQ(normal("\u00a0\u00e9"), normal(" e\u0301")) << "no control code, behind them";
    EXPECT_EQ(normal("\u00ae"), to_hex(bytes_of("\u00ae")));
}

/// A change of one member, and what is said of it.
struct Change {
    const char* path;
    Json value;  // null: the member goes
    const char* said;
};

void expect_refused(const Change& change, const Kdf& kdf) {
    Json file = keystore(kdf);
    const Json::json_pointer pointer(change.path);
    if (change.value.is_null()) {
        file.at(pointer.parent_pointer()).erase(pointer.back());
    } else {
        file[pointer] = change.value;
    }
    EXPECT_EQ(opened(file), std::string("keystore") + change.said) << change.path;
}

TEST(Keystore, RefusesAKdfOutOfBoundsBeforeItWorks) {
    const std::string n = ", crypto, kdf, params, n: ";
    for (const auto& change : {
             Change{"/crypto/kdf/params/n", 1,
                    ", crypto, kdf, params, n: is not a whole number from 2 to 2097152"},
             Change{"/crypto/kdf/params/n", 1073741824,
                    ", crypto, kdf, params, n: is not a whole number from 2 to 2097152"},
             Change{"/crypto/kdf/params/n", 1000,
                    ", crypto, kdf, params, n: is not a power of two"},
             Change{"/crypto/kdf/params/n", 524288,
                    ", crypto, kdf, params, n: times r asks for more than 256 MB of memory"},
             Change{"/crypto/kdf/params/n", "1024",
                    ", crypto, kdf, params, n: is not a whole number from 2 to 2097152"},
             Change{"/crypto/kdf/params/n", 1024.0,
                    ", crypto, kdf, params, n: is not a whole number from 2 to 2097152"},
             Change{"/crypto/kdf/params/r", 0,
                    ", crypto, kdf, params, r: is not a whole number from 1 to 32"},
             Change{"/crypto/kdf/params/r", 33,
                    ", crypto, kdf, params, r: is not a whole number from 1 to 32"},
             Change{"/crypto/kdf/params/p", 17,
                    ", crypto, kdf, params, p: is not a whole number from 1 to 16"},
             Change{"/crypto/kdf/params/dklen", 16,
                    ", crypto, kdf, params, dklen: is not a whole number from 32 to 32"},
             Change{"/crypto/kdf/params/salt", std::string(30, '0'),
                    ", crypto, kdf, params, salt: is not hex of 16 to 64 bytes"},
             Change{"/crypto/kdf/params/salt", std::string(130, '0'),
                    ", crypto, kdf, params, salt: is not hex of 16 to 64 bytes"},
             Change{"/crypto/kdf/params/c", 1,
                    ", crypto, kdf, params: has a member `c` that is not known here"},
         }) {
        expect_refused(change, cheap_scrypt);
    }
    Json file = keystore(cheap_scrypt);
    auto& params = file["crypto"]["kdf"]["params"];
    params["n"] = 65536;
    params["r"] = 1;
    EXPECT_EQ(opened(file), "keystore" + n + "is above what r allows");
    params["n"] = 262144;
    params["r"] = 8;
    params["p"] = 3;
    EXPECT_EQ(opened(file),
              "keystore, crypto, kdf, params, p: times n times r asks for too much work");
    for (const auto& change : {
             Change{"/crypto/kdf/params/c", 0,
                    ", crypto, kdf, params, c: is not a whole number from 1 to 8388608"},
             Change{"/crypto/kdf/params/c", 8388609,
                    ", crypto, kdf, params, c: is not a whole number from 1 to 8388608"},
             Change{"/crypto/kdf/params/prf", "hmac-sha512",
                    ", crypto, kdf, params, prf: is not `hmac-sha256`"},
             Change{"/crypto/kdf/params/n", 2,
                    ", crypto, kdf, params: has a member `n` that is not known here"},
             Change{"/crypto/kdf/function", "argon2id",
                    ", crypto, kdf, function: is not `scrypt` or `pbkdf2`"},
             Change{"/crypto/kdf/message", "x", ", crypto, kdf, message: is not ``"},
         }) {
        expect_refused(change, cheap_pbkdf2);
    }
}

TEST(Keystore, RefusesOtherForms) {
    for (const auto& change : {
             Change{"/version", 3, ", version: is not a whole number from 4 to 4"},
             Change{"/version", nullptr, ": has no `version`"},
             Change{"/uuid", "1d85ae20-35c5-4611-98e8-aa14a633906", ", uuid: is not a UUID"},
             Change{"/uuid", "1d85ae20x35c5-4611-98e8-aa14a633906f", ", uuid: is not a UUID"},
             Change{"/uuid", "1d85ae20-35c5-4611-98e8-aa14a633906g", ", uuid: is not a UUID"},
             Change{"/path", nullptr, ": has no `path`"},
             Change{"/path", 1, ", path: is not a text"},
             Change{"/crypto", 1, ", crypto: is not a JSON object"},
             Change{"/crypto/note", "x", ", crypto: has a member `note` that is not known here"},
             Change{"/crypto/checksum", nullptr, ", crypto: has no `checksum`"},
             Change{"/crypto/checksum/function", "sha512",
                    ", crypto, checksum, function: is not `sha256`"},
             Change{"/crypto/checksum/params/x", 1,
                    ", crypto, checksum, params: has a member `x` that is not known here"},
             Change{"/crypto/checksum/message", "00",
                    ", crypto, checksum, message: is not hex of 32 bytes"},
             Change{"/crypto/cipher/function", "aes-256-gcm",
                    ", crypto, cipher, function: is not `aes-128-ctr`"},
             Change{"/crypto/cipher/params/iv", "0001",
                    ", crypto, cipher, params, iv: is not hex of 16 bytes"},
             Change{"/crypto/cipher/message", std::string(62, '0'),
                    ", crypto, cipher, message: is not hex of 32 bytes"},
             Change{"/pubkey", "0x00", ", pubkey: is not hex of 48 bytes"},
         }) {
        expect_refused(change, cheap_pbkdf2);
    }
    EXPECT_EQ(opened(Json::array()), "keystore: is not a JSON object");
    EXPECT_EQ(open_keystore("{", password).error().message, "the keystore is not JSON");
    EXPECT_EQ(open_keystore(std::string(16385, ' '), password).error().message,
              "the keystore has more than 16 KB");
}

TEST(Keystore, SaysWhatDoesNotBelongTogether) {
    const std::string other_password =
        "keystore, crypto, checksum, message: it is another password's, or the file was altered";
    EXPECT_EQ(opened(keystore(), "another password"), other_password);
    for (const char* path :
         {"/crypto/checksum/message", "/crypto/cipher/message", "/crypto/kdf/params/salt"}) {
        Json file = keystore();
        auto& text = file.at(Json::json_pointer(path)).get_ref<std::string&>();
        text.back() = text.back() == '0' ? '1' : '0';
        EXPECT_EQ(opened(file), other_password) << path;
    }
    // The checksum does not cover it: another secret comes out.
    Json file = keystore();
    file["crypto"]["cipher"]["params"]["iv"] = std::string(31, '0') + "1";
    EXPECT_NE(opened(file), to_hex(secret().big_endian()));
    file["crypto"]["cipher"]["params"]["iv"] = keystore()["crypto"]["cipher"]["params"]["iv"];
    EXPECT_EQ(opened(file), to_hex(secret().big_endian()));
    file["pubkey"] = std::string(96, '0');
    EXPECT_EQ(opened(file), "keystore, pubkey: it is not the public key of the secret");
    file.erase("pubkey");
    EXPECT_EQ(opened(file), to_hex(secret().big_endian())) << "EIP-2335 lets it be absent";
}

TEST(Keystore, ThatIsWeakIsOpenedOnlyWhereToldTo) {
    for (const Kdf& kdf : {Kdf(cheap_scrypt), Kdf(cheap_pbkdf2)}) {
        EXPECT_EQ(opened(keystore(kdf), password, WeakKdf::Refused),
                  "keystore, crypto, kdf, params: the password is too cheap to guess by trying: "
                  "scrypt with n r p from 2^20 on, or PBKDF2 with c from 2^18 on, is taken");
    }
    EXPECT_TRUE(is_weak(crypto::Scrypt{65536, 8, 1}));
    EXPECT_FALSE(is_weak(crypto::Scrypt{131072, 8, 1}));
    EXPECT_TRUE(is_weak(crypto::Pbkdf2{crypto::Prf::HmacSha256, 262143}));
    EXPECT_FALSE(is_weak(crypto::Pbkdf2{crypto::Prf::HmacSha256, 262144}));
}

}  // namespace
}  // namespace redoubt::ethereum::test
