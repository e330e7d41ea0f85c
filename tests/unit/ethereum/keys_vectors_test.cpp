// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/keystore.hpp>
#include <redoubt/ethereum/mnemonic.hpp>
#include <redoubt/ethereum/types.hpp>

#include <ethereum/keystore_parts.hpp>
#include "../vectors/ethereum_vectors.hpp"

/// tests/vectors/ethereum/keys.json, each row.
namespace redoubt::ethereum::test {
namespace {

using crypto::bls::SecretKey;
using redoubt::test::ethereum_vectors;

const Json& section(const char* name) { return ethereum_vectors("keys").at(name); }

std::string text(const Json& row, const char* name) { return row.at(name).get<std::string>(); }
Bytes hex(const Json& row, const char* name) { return from_hex(text(row, name).substr(2)).value(); }

TEST(KeyVectors, Eip2333) {
    ASSERT_EQ(section("eip2333").size(), 4U);
    for (const Json& row : section("eip2333")) {
        const SecretKey master = SecretKey::generate(hex(row, "seed"));
        EXPECT_EQ(row.at("master_sk"), prefixed_hex(master.big_endian()));
        const SecretKey child = master.child(row.at("child_index").get<std::uint32_t>());
        EXPECT_EQ(row.at("child_sk"), prefixed_hex(child.big_endian()));
    }
}

TEST(KeyVectors, Eip2334) {
    ASSERT_EQ(section("eip2334").size(), 16U);
    for (const Json& row : section("eip2334")) {
        const auto mnemonic = Mnemonic::parse(text(row, "mnemonic"));
        ASSERT_TRUE(mnemonic) << mnemonic.error().message;
        const auto seed = mnemonic->seed(text(row, "passphrase"));
        EXPECT_EQ(row.at("seed"), prefixed_hex(seed.value().view()));
        const auto key = derive(seed->view(), text(row, "path"));
        ASSERT_TRUE(key) << key.error().message;
        EXPECT_EQ(row.at("secret_key"), prefixed_hex(key->big_endian()));
        EXPECT_EQ(row.at("public_key"), prefixed_hex(key->public_key().encoded()));
    }
}

TEST(KeyVectors, Eip2335) {
    ASSERT_EQ(section("eip2335").size(), 6U);
    std::size_t weak = 0;
    for (const Json& row : section("eip2335")) {
        SCOPED_TRACE(text(row, "name"));
        const std::string file = dump(row.at("keystore")), given = text(row, "password");
        EXPECT_EQ(row.at("normalised_password_hex"),
                  prefixed_hex(normal_password(given).value().view()));
        const bool is_cheap = is_weak(parse_keystore(file).value().kdf);
        if (is_cheap) {
            ++weak;
            EXPECT_FALSE(open_keystore(file, given));
        }
        const auto key =
            open_keystore(file, given, is_cheap ? WeakKdf::Accepted : WeakKdf::Refused);
        ASSERT_TRUE(key) << key.error().message;
        EXPECT_EQ(row.at("secret"), prefixed_hex(key->big_endian()));
    }
    EXPECT_EQ(weak, 4U) << "the file's cheap ones";
}

const std::map<std::string, std::string> rule_of = {
    {"wrong password", "checksum, message"},
    {"checksum changed", "checksum, message"},
    {"cipher text changed", "checksum, message"},
    {"public key does not belong to the secret", "pubkey: it is not"},
    {"version 3", "version: is not"},
    {"unknown kdf", "kdf, function: is not"},
    {"unknown cipher", "cipher, function: is not"},
    {"no checksum", "has no `checksum`"},
    {"dklen 16", "dklen: is not"},
    {"memory bomb n=2^30", "params, n: is not"},
    {"iv too short", "iv: is not hex of 16 bytes"},
    {"secret is zero", "is not a BLS secret"},
    {"secret equals the group order", "is not a BLS secret"},
    {"secret above the group order", "is not a BLS secret"},
    {"secret of 31 bytes", "cipher, message: is not hex of 32 bytes"},
};

TEST(KeyVectors, Eip2335Refused) {
    ASSERT_EQ(section("eip2335_refuse").size(), rule_of.size());
    for (const Json& row : section("eip2335_refuse")) {
        SCOPED_TRACE(text(row, "name"));
        const auto key =
            open_keystore(dump(row.at("keystore")), text(row, "password"), WeakKdf::Accepted);
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().code, Code::BadRequest);
        const std::string& rule = rule_of.at(text(row, "name"));
        EXPECT_NE(key.error().message.find(rule), std::string::npos) << key.error().message;
    }
}

}  // namespace
}  // namespace redoubt::ethereum::test
