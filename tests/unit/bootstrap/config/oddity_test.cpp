// SPDX-License-Identifier: Apache-2.0
#include "config/oddity.hpp"

#include <gtest/gtest.h>

#include <fakes/secret_key.hpp>

#include "config/tezos.hpp"

namespace redoubt::test {
namespace {

using bootstrap::oddity;

struct OddCharacter {
    std::string bytes, name;
};
const std::vector<OddCharacter> odd_characters = {
    {"\n", "a line break"},
    {"\r", "a carriage return"},
    {"\t", "a tab"},
    {" ", "a space"},
    {"\"", "a quotation mark"},
    {"'", "a quotation mark"},
    {"\u201c", "a quotation mark"},
    {"\u00a0", "a no-break space"},
    {"\u200b", "a zero-width space"},
    {"\u200c", "a zero-width character"},
    {"\u200d", "a zero-width character"},
    {"\ufeff", "a byte order mark"},
    {"\u00e9", "a character that is not ASCII"},
    {"\U0001f511", "a character that is not ASCII"},
    {"\xff", "a character that is not ASCII"},
    {"\x7f", "a control character"},
    {std::string(1, '\x01'), "a control character"},
};

TEST(Oddity, IsNamedWithItsPlace) {
    EXPECT_EQ(oddity(""), "");
    EXPECT_EQ(oddity("https://kms.eu-west-1.amazonaws.com/a_b~c$=+,"), "");
    for (const OddCharacter& odd : odd_characters) {
        EXPECT_EQ(oddity(odd.bytes + "ab"), "begins with " + odd.name);
        EXPECT_EQ(oddity("ab" + odd.bytes), "ends with " + odd.name);
        EXPECT_EQ(oddity(odd.bytes + "ab" + odd.bytes), "begins and ends with " + odd.name);
        EXPECT_EQ(oddity("ab" + odd.bytes + "c"), "has " + odd.name + " as character 3");
        EXPECT_EQ(oddity("a\u00e4" + odd.bytes + "c"),
                  "has a character that is not ASCII as character 2");
    }
    EXPECT_EQ(oddity("\xc3\xc3"), "begins and ends with a character that is not ASCII");
    EXPECT_EQ(oddity("a\xf0\x9f"), "ends with a character that is not ASCII") << "cut off";
}

using Map = std::map<std::string, std::string, std::less<>>;

std::string key_text(Byte seed) {
    return SecretKey(tezos::SignatureScheme::Secp256k1, {seed}).named().public_key_text;
}
std::string arn_text(const std::string& account, const std::string& id) {
    return "arn:aws:kms:eu-west-1:" + account + ":key/" + id;
}
std::string joined(const std::vector<std::string>& entries) {
    std::string list;
    for (const std::string& entry : entries) list += entry + ",";
    return list.substr(0, list.size() - 1);
}

/// Lists of three, and all the other variables: in an account of stand-ins, where every one of them
/// has a meaning.
const std::map<std::string, std::vector<std::string>> lists = {
    {"KMS_KEY_ID",
     {arn_text("000000000000", "1a"), arn_text("000000000000", "2b"),
      arn_text("000000000000", "3c")}},
    {"PUBLIC_KEYS", {key_text(1), key_text(2), key_text(3)}},
    {"AUTHORIZED_KEYS", {key_text(4), key_text(5), key_text(6)}},
};
const Map scalars = {{"AWS_REGION", "eu-west-1"},
                     {"AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"},
                     {"AWS_SECRET_ACCESS_KEY", "s+cr/t="},
                     {"AWS_SESSION_TOKEN", "tok+n/="},
                     {"WATERMARK_TABLE", "redoubt-watermarks"},
                     {"BASE_PATH", "/name"},
                     {"KNOWN_KEYS", "on"},
                     {"HEDGING", "off"},
                     {"AWS_USE_FIPS_ENDPOINT", "false"},
                     {"AWS_USE_DUALSTACK_ENDPOINT", "false"},
                     {"AWS_CA_BUNDLE", "/nowhere/ca.pem"},
                     {"AWS_ENDPOINT_URL", "https://localhost:8443"},
                     {"AWS_ENDPOINT_URL_KMS", "https://localhost:8444"}};

Map all_variables() {
    Map all = scalars;
    for (const auto& [name, entries] : lists) all[name] = joined(entries);
    // No file of its own is needed: a bundle that is odd is not there.
    all.erase("AWS_CA_BUNDLE");
    return all;
}

/// All that is said of `all` with `name` set to `value`.
std::vector<std::string> said(const std::string& name, const std::string& value) {
    Map variables = all_variables();
    variables[name] = value;
    auto config = bootstrap::read_tezos_config(bootstrap::Environment(variables),
                                               bootstrap::TezosRole::Signer);
    return config ? std::vector<std::string>() : std::move(config.error());
}

/// `value` with a character put in at both ends, beside them and in the middle, and what is to be
/// said of that.
std::map<std::string, std::string> spoilt(const std::string& value, const OddCharacter& odd) {
    std::map<std::string, std::string> all = {{odd.bytes + value, "begins with " + odd.name},
                                              {value + odd.bytes, "ends with " + odd.name}};
    for (const std::size_t i : {std::size_t{1}, value.size() / 2, value.size() - 1}) {
        all[std::string(value).insert(i, odd.bytes)] =
            "has " + odd.name + " as character " + std::to_string(i + 1);
    }
    return all;
}

TEST(OddValues, TheVariablesAreFineWithoutAnOddity) {
    EXPECT_EQ(said("HEDGING", "off"), std::vector<std::string>());
}

TEST(OddValues, OfEveryVariableAreToldOnceWithTheirPlaceAndWithoutTheValue) {
    for (const auto& [name, value] : scalars) {
        for (const OddCharacter& odd : odd_characters) {
            for (const auto& [odd_value, what] : spoilt(value, odd)) {
                EXPECT_EQ(said(name, odd_value),
                          std::vector<std::string>{name + " " + what + ": remove it"})
                    << odd_value;
            }
        }
    }
}

TEST(OddValues, OfEveryEntryOfEveryListAreToldOnceWithTheirPlaceAndWithoutTheValue) {
    for (const auto& [name, entries] : lists) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            for (const OddCharacter& odd : odd_characters) {
                for (const auto& [odd_value, what] : spoilt(entries[i], odd)) {
                    // Spaces around an entry are forgiven.
                    if (odd.bytes == " " && !what.starts_with("has")) continue;
                    auto list = entries;
                    list[i] = odd_value;
                    EXPECT_EQ(said(name, joined(list)),
                              std::vector<std::string>{name + ": entry " + std::to_string(i + 1) +
                                                       " " + what + ": remove it"})
                        << odd_value;
                }
            }
        }
    }
}

TEST(OddValues, SpacesAroundAnEntryAreForgiven) {
    for (const auto& [name, entries] : lists) {
        EXPECT_EQ(said(name, " " + entries[0] + " ,  " + entries[1] + "," + entries[2] + "  "),
                  std::vector<std::string>())
            << name;
    }
}

TEST(OddValues, EveryOtherMistakeIsToldByItsEntryToo) {
    const std::string address = "tz1SodoUsWVe1Yey9eMFbqRUtNpBWfir5NRr";
    const std::string secret = "edsk3qAQSJaDBSYN2PCMdv7BuJoBKeRyDFq5uPAwDfFRAhQdwHxPMN";
    const std::string elsewhere = "arn:aws:kms:us-east-1:000000000000:key/4d";
    const std::map<std::string, std::map<std::string, std::string>> wrong = {
        {"KMS_KEY_ID",
         {{"", "is empty: remove a comma"},
          {"alias/baker", "is not a key ARN"},
          {"1a2b", "is not a key ARN"},
          {key_text(1), "is not a key ARN"},
          {elsewhere, "(" + elsewhere + ") is not of the function's Region, eu-west-1"}}},
        {"PUBLIC_KEYS",
         {{"", "is empty: remove a comma"},
          {address, "is not a Tezos public key"},
          {secret, "is not a Tezos public key"},
          {key_text(1).substr(1), "is not a Tezos public key"}}},
        {"AUTHORIZED_KEYS",
         {{"", "is empty: remove a comma"},
          {address, "is not a Tezos public key"},
          {secret, "is not a Tezos public key"},
          {arn_text("000000000000", "1a"), "is not a Tezos public key"}}},
    };
    for (const auto& [name, entries] : lists) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            auto twice = entries;
            twice[i] = entries[(i + 1) % entries.size()];
            const auto told_twice = said(name, joined(twice));
            ASSERT_EQ(told_twice.size(), 1U) << name;
            EXPECT_TRUE(told_twice[0].ends_with(" is listed twice")) << told_twice[0];
            for (const auto& [entry, what] : wrong.at(name)) {
                auto list = entries;
                list[i] = entry;
                const auto told = said(name, joined(list));
                ASSERT_EQ(told.size(), 1U) << name << " " << entry;
                EXPECT_TRUE(
                    told[0].starts_with(name + ": entry " + std::to_string(i + 1) + " " + what))
                    << told[0];
                EXPECT_TRUE(entry != secret || !told[0].contains(secret.substr(0, 8))) << told[0];
            }
        }
    }
}

}  // namespace
}  // namespace redoubt::test
