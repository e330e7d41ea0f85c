// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <redoubt/base/secret.hpp>

#include <fakes/open_memory.hpp>
#include "equipment.hpp"

/// After all that sealed/ does with them, no copy of a wrap, share or secret lies in memory outside
/// of guarded pages: not on the heap, not on the stack, not in a library's buffer.
namespace redoubt::sealed::test {
namespace {

using redoubt::test::copies_of;

/// What was secret so far. Its copies are looked for at once, before other bytes lie over them.
class Secrets {
public:
    Secrets() { all_.reserve(16); }

    void add(ByteView secret) {
        kept_.push_back(GuardedBytes::copy_of(secret));
        all_.push_back(kept_.back().view());
    }
    void expect_no_copy_after(std::string_view what) const {
        EXPECT_EQ(copies_of(all_), 0U) << "after " << what;
    }
    [[nodiscard]] const std::vector<ByteView>& all() const { return all_; }

private:
    std::vector<GuardedBytes> kept_;
    std::vector<ByteView> all_;
};

TEST(SealedMemory, HoldsNoCopyOutsideOfGuardedPages) {
    Secrets secrets;
    GuardedBytes of_kms(32);
    fill_with_random(of_kms.bytes());
    const WrapKey key = WrapKey::make(of_kms.view());
    secrets.add(of_kms.view());
    secrets.add(KeyAccess::bytes(key));
    secrets.expect_no_copy_after("making a wrap");

    const auto shares = split(key, 2, 3).value();
    for (const Share& share : shares) secrets.add(share.bytes.view());
    secrets.expect_no_copy_after("splitting it");

    const Wrap wrap = wrap_of(key, 2, 3);
    auto arrived = all_arrived(shares);
    wipe(arrived[0]->bytes());  // so that the check fails once
    const auto opened = open(wrap, std::move(arrived));
    secrets.expect_no_copy_after("opening it");

    GuardedBytes secret(secret_size);
    fill_with_random(secret.bytes());
    secrets.add(secret.view());
    const Bytes public_key(public_key_size, 3);
    const auto purpose = Purpose::TezosConsensus;
    Bytes sealed = seal(key, wrap.id, purpose, public_key, secret.view());
    secrets.expect_no_copy_after("sealing a secret");
    EXPECT_TRUE(unseal(opened->key, wrap.id, purpose, public_key, sealed));
    secrets.expect_no_copy_after("opening it again");
    sealed.back() ^= 1;
    EXPECT_FALSE(unseal(opened->key, wrap.id, purpose, public_key, sealed));
    secrets.expect_no_copy_after("refusing it");
}

TEST(SealedMemory, SeesACopyThatWasGivenBack) {
    Secrets secrets;
    secrets.add(random_key().check(WrapId::make()));
    const std::size_t left_by_this_line = copies_of(secrets.all());
    {
        const Bytes copy(secrets.all()[0].begin(), secrets.all()[0].end());
        EXPECT_EQ(copies_of(secrets.all()), left_by_this_line + 2) << "in two halves";
    }
    EXPECT_GT(copies_of(secrets.all()), left_by_this_line) << "the heap writes over the beginning";
}

}  // namespace
}  // namespace redoubt::sealed::test
