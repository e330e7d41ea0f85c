// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <string.h>  // memmem

#include <algorithm>
#include <fstream>
#include <sstream>

#include <redoubt/base/secret.hpp>

#include "equipment.hpp"

/// After all that sealed/ does with them, no copy of a wrap, share or secret lies in memory outside
/// of guarded pages: not on the heap, not on the stack, not in a library's buffer.
namespace redoubt::sealed::test {
namespace {

/// This process' memory that may hold a copy: what can be read and written, and is not guarded.
std::vector<ByteView> open_memory() {
    std::vector<ByteView> regions;
    ByteView region;
    bool is_writable = false;
    std::ifstream smaps("/proc/self/smaps");
    for (std::string line; std::getline(smaps, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::string rights;
        std::istringstream head(line);
        if (head >> std::hex >> begin >> dash >> end >> rights && dash == '-') {
            region = {reinterpret_cast<const Byte*>(begin), end - begin};
            is_writable = rights.starts_with("rw");
        } else if (line.starts_with("VmFlags:") && is_writable && !(line + " ").contains(" dd ")) {
            regions.push_back(region);
        }
    }
    return regions;
}

/// How often half of `secret` lies there.
std::size_t copies_of(const GuardedBytes& secret) {
    std::size_t found = 0;
    const ByteView half = secret.view().first(16);
    const ByteView other_half = secret.view().last(16);
    for (const ByteView region : open_memory()) {
        for (const ByteView part : {half, other_half}) {
            ByteView rest = region;
            while (const void* at = memmem(rest.data(), rest.size(), part.data(), part.size())) {
                ++found;
                const auto* next = static_cast<const Byte*>(at) + 1;
                rest = {next, region.data() + region.size()};
            }
        }
    }
    return found;
}

/// What was secret while a key was made, sealed under a wrap, and opened again.
struct Secrets {
    GuardedBytes secret{secret_size};
    GuardedBytes wrap;
    std::vector<GuardedBytes> shares;
};

[[gnu::noinline]] void live_through(Secrets& secrets) {
    GuardedBytes of_kms(32);
    fill_with_random(of_kms.bytes());
    const WrapKey key = WrapKey::make(of_kms.view());
    secrets.wrap = GuardedBytes::copy_of(KeyAccess::bytes(key));
    auto shares = split(key, 2, 3).value();
    for (const Share& share : shares) {
        secrets.shares.push_back(GuardedBytes::copy_of(share.bytes.view()));
    }
    const Wrap wrap = wrap_of(key, 2, 3);
    auto arrived = all_arrived(shares);
    wipe(arrived[0]->bytes());  // so that the check fails once
    const auto opened = open(wrap, std::move(arrived));
    ASSERT_TRUE(opened);
    const Bytes public_key(public_key_size, 3);
    fill_with_random(secrets.secret.bytes());
    const auto purpose = Purpose::TezosConsensus;
    Bytes sealed = seal(key, wrap.id, purpose, public_key, secrets.secret.view());
    ASSERT_TRUE(unseal(opened->key, wrap.id, purpose, public_key, sealed));
    sealed.back() ^= 1;
    ASSERT_FALSE(unseal(opened->key, wrap.id, purpose, public_key, sealed));
}

TEST(SealedMemory, HoldsNoCopyOutsideOfGuardedPages) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer's own memory takes too long to look through";
#endif
    Secrets secrets;
    live_through(secrets);
    EXPECT_EQ(copies_of(secrets.wrap), 0U);
    EXPECT_EQ(copies_of(secrets.secret), 0U);
    for (const GuardedBytes& share : secrets.shares) EXPECT_EQ(copies_of(share), 0U);
    const Bytes copy(secrets.wrap.view().begin(), secrets.wrap.view().end());
    EXPECT_EQ(copies_of(secrets.wrap), 2U) << "a copy, in two halves, would be seen";
}

}  // namespace
}  // namespace redoubt::sealed::test
