// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string.h>  // memmem
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include <redoubt/base/handle.hpp>
#include <redoubt/base/secret.hpp>

#include "equipment.hpp"

/// After all that sealed/ does with them, no copy of a wrap, share or secret lies in memory outside
/// of guarded pages: not on the heap, not on the stack, not in a library's buffer.
namespace redoubt::sealed::test {
namespace {

struct Region {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
};

/// This process' memory that may hold a copy: writable, in use, and not guarded. (AddressSanitizer
/// maps terabytes of its own, in which nothing of ours lies.) Takes nothing small of the heap,
/// where what was just given back would be written over.
std::vector<Region> open_memory() {
    constexpr std::uintptr_t too_large = std::uintptr_t{1} << 30U;
    std::vector<Region> regions;
    regions.reserve(4096);
    Region region;
    std::array<char, 1024> line{};
    std::array<char, 5> rights{};
    unsigned long in_use = 0;
    const Handle<FILE, fclose> smaps(std::fopen("/proc/self/smaps", "r"));
    while (std::fgets(line.data(), line.size(), smaps.get()) != nullptr) {
        const std::string_view text(line.data());
        Region found;
        if (std::sscanf(line.data(), "%lx-%lx %4s", &found.begin, &found.end, rights.data()) == 3) {
            region = found;
        } else if (text.starts_with("Rss:")) {
            std::sscanf(line.data(), "Rss: %lu", &in_use);
        } else if (text.starts_with("VmFlags:") && !text.contains(" dd") && rights[1] == 'w' &&
                   in_use > 0 && region.end - region.begin < too_large) {
            regions.push_back(region);
        }
    }
    return regions;
}

/// How often each half of one of the secrets lies there. What is read lies in guarded memory
/// meanwhile, or it would be found once more.
std::size_t copies_of(const std::vector<ByteView>& secrets) {
    constexpr std::size_t half = 16;
    GuardedBytes part(std::size_t{1} << 20U);
    std::size_t found = 0;
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    for (const Region& region : open_memory()) {
        for (std::uintptr_t at = region.begin; at < region.end; at += part.size() - half + 1) {
            const std::size_t wanted = std::min<std::size_t>(part.size(), region.end - at);
            const ssize_t size = pread(memory, part.bytes().data(), wanted, static_cast<off_t>(at));
            const auto read =
                part.view().first(static_cast<std::size_t>(std::max(size, ssize_t{0})));
            for (const ByteView secret : secrets) {
                for (const ByteView wanted_half : {secret.first(half), secret.last(half)}) {
                    if (memmem(read.data(), read.size(), wanted_half.data(), half) != nullptr) {
                        ++found;
                    }
                }
            }
        }
    }
    close(memory);
    return found;
}

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
