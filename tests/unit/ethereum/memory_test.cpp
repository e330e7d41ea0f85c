// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include <redoubt/base/random.hpp>
#include <redoubt/ethereum/derivation.hpp>
#include <redoubt/ethereum/mnemonic.hpp>

#include <fakes/open_memory.hpp>

/// After all that is done with them, no copy of words, seed or key lies in memory outside of
/// guarded pages.
namespace redoubt::ethereum::test {
namespace {

using crypto::bls::SecretKey;
using redoubt::test::copies_of;

TEST(ValidatorKeyMemory, HoldsNoCopyOutsideOfGuardedPages) {
    GuardedBytes entropy(Mnemonic::entropy_size);
    fill_with_random(entropy.bytes());
    std::vector<ByteView> secrets;
    secrets.reserve(8);
    secrets.push_back(entropy.view());

    const Mnemonic mnemonic = Mnemonic::generate(entropy.view());
    secrets.push_back(bytes_of(mnemonic.words()));
    EXPECT_EQ(copies_of(secrets), 0U) << "after making words";
    const Mnemonic again = Mnemonic::parse(mnemonic.words()).value();
    EXPECT_EQ(copies_of(secrets), 0U) << "after reading them";

    const GuardedBytes seed = mnemonic.seed("a passphrase of its own").value();
    secrets.push_back(seed.view());
    EXPECT_EQ(copies_of(secrets), 0U) << "after making a seed";
    const SecretKey withdrawal = derive(seed.view(), withdrawal_path(0)).value();
    const SecretKey signing = derive(seed.view(), signing_path(0)).value();
    secrets.push_back(withdrawal.big_endian());
    secrets.push_back(signing.big_endian());
    EXPECT_EQ(copies_of(secrets), 0U) << "after deriving keys";
}

}  // namespace
}  // namespace redoubt::ethereum::test
