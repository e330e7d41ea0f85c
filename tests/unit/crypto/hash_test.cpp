// SPDX-License-Identifier: Apache-2.0
#include <redoubt/crypto/hash.hpp>

#include <gtest/gtest.h>

#include <redoubt/base/encoding.hpp>

namespace redoubt::test {
namespace {

TEST(Blake2b, HasItsOwnLengthRatherThanATruncatedLongerHash) {
    EXPECT_EQ(to_hex(crypto::blake2b_256({})),
              "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    EXPECT_EQ(to_hex(crypto::blake2b_256(bytes_of("abc"))),
              "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    EXPECT_EQ(to_hex(crypto::blake2b_160({})), "3345524abf6bbe1809449224b5972c41790b6cf2");
    EXPECT_EQ(to_hex(crypto::blake2b_160(bytes_of("abc"))),
              "384264f676f39536840523f284921cdc68b6846b");
}

TEST(Sha256, HashesTheFipsExamples) {
    EXPECT_EQ(to_hex(crypto::sha256({})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(crypto::sha256(bytes_of("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HmacSha256, AgreesWithRfc4231) {
    EXPECT_EQ(
        to_hex(crypto::hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        to_hex(crypto::hmac_sha256(
            Bytes(131, 0xaa), bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_THROW(static_cast<void>(crypto::hmac_sha256({}, bytes_of("abc"))), std::runtime_error);
}

TEST(Crc32, IsThatOfZlib) {
    EXPECT_EQ(crypto::crc32({}), 0U);
    EXPECT_EQ(crypto::crc32(bytes_of("123456789")), 0xcbf43926U);
    EXPECT_EQ(crypto::crc32(bytes_of("{}")),
              2745614147U);  // DynamoDB's answer to a plain UpdateItem
    EXPECT_EQ(crypto::crc32(Bytes{0x00}), 0xd202ef8dU);
}

}  // namespace
}  // namespace redoubt::test
