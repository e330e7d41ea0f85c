// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/derivation.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include <redoubt/base/encoding.hpp>

namespace redoubt::ethereum::test {
namespace {

const Bytes path_seed(32, 0x5a);

std::string derived(std::string_view path) {
    const auto key = derive(path_seed, path);
    return key ? to_hex(key->big_endian()) : "refused";
}

TEST(KeyPath, IsThatOfEip2334) {
    EXPECT_EQ(withdrawal_path(0), "m/12381/3600/0/0");
    EXPECT_EQ(signing_path(4294967295), "m/12381/3600/4294967295/0/0");
}

TEST(KeyDerivation, IsOneStepANumber) {
    auto key = crypto::bls::SecretKey::generate(path_seed);
    for (const std::uint32_t number : {12381U, 3600U, 7U, 0U}) key = key.child(number);
    EXPECT_EQ(derived(withdrawal_path(7)), to_hex(key.big_endian()));
    EXPECT_EQ(derived(signing_path(7)), to_hex(key.child(0).big_endian()));
    EXPECT_EQ(derived("m/12381/60/0/0"),
              to_hex(derive(path_seed, "m/12381/60/0/0").value().big_endian()))
        << "another coin";
    EXPECT_NE(derived(signing_path(7)), derived(signing_path(8)));
    EXPECT_NE(derived("m/12381/3600/0/0/4294967295"), "refused");
    EXPECT_NE(derived("m/12381/3600/0/0/0/0/0/0"), "refused") << "eight numbers";
}

TEST(KeyDerivation, RefusesOtherPaths) {
    for (const char* wrong : {"",
                              "m",
                              "m/",
                              "m/12381/3600/0",
                              "m/12381/3600/0/",
                              "m/12381/3600/0/0/",
                              "/12381/3600/0/0",
                              "12381/3600/0/0",
                              "M/12381/3600/0/0",
                              "m/44/60/0/0/0",
                              "m/12381'/3600/0/0",
                              "m/12381/3600/00/0",
                              "m/12381/3600/-1/0",
                              "m/12381/3600/+1/0",
                              "m/12381/3600/ 1/0",
                              "m//12381/3600/0/0",
                              "m/12381/3600//0/0",
                              "m/12381/3600/0/0x0",
                              "m/12381/3600/4294967296/0",
                              "m/12381/3600/18446744073709551616/0",
                              "m/12381/3600/0/0/0/0/0/0/0" /* nine */,
                              "m/12381/3600/0/0 "}) {
        EXPECT_EQ(derived(wrong), "refused") << wrong;
    }
    EXPECT_EQ(derive(path_seed, "m/44/60/0/0/0").error().message,
              "the path is not one of EIP-2334, such as m/12381/3600/0/0/0 for a validator's first "
              "key");
}

TEST(KeyDerivation, IsOfASeedOf32BytesAtLeast) {
    EXPECT_THROW(static_cast<void>(derive(Bytes(31), signing_path(0))), std::logic_error);
}

}  // namespace
}  // namespace redoubt::ethereum::test
