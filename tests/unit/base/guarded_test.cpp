// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/guarded.hpp>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>
#include <type_traits>
#include <vector>

#include "system_calls.hpp"

namespace redoubt::test {
namespace {

static_assert(!std::is_copy_constructible_v<GuardedBytes>);
static_assert(!std::is_copy_assignable_v<GuardedBytes>);
static_assert(std::is_nothrow_move_constructible_v<GuardedBytes>);
static_assert(std::is_nothrow_move_assignable_v<GuardedBytes>);
static_assert(!std::is_convertible_v<ByteView, GuardedBytes>);

GuardedBytes filled(std::size_t size, Byte with) {
    GuardedBytes bytes(size);
    std::ranges::fill(bytes.bytes(), with);
    return bytes;
}

/// The kernel's flags of the mapping that holds `address`, e.g. `rd wr mr mw me ac dd`.
std::string flags_of(const void* address) {
    std::ifstream smaps("/proc/self/smaps");
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    bool is_here = false;
    for (std::string line; std::getline(smaps, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::istringstream head(line);
        if (head >> std::hex >> begin >> dash >> end && dash == '-') {
            is_here = begin <= wanted && wanted < end;
        } else if (is_here && line.starts_with("VmFlags:")) {
            return line + " ";
        }
    }
    return {};
}

/// Whether a child of this process finds so; it is done to the child alone.
bool holds_in_a_child(const std::function<bool()>& claim) {
    const pid_t child = fork();
    if (child == 0) _exit(claim() ? 0 : 1);
    int status = -1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(GuardedBytes, BeginAsZerosInPagesOfTheirOwn) {
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    GuardedBytes first(32);
    GuardedBytes second(5000);
    EXPECT_EQ(first.size(), 32U);
    EXPECT_EQ(second.view().size(), 5000U);
    EXPECT_TRUE(std::ranges::all_of(second.view(), [](Byte byte) { return byte == 0; }));
    for (const auto* bytes : {first.view().data(), second.view().data()}) {
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % page, 0U);
    }
    EXPECT_EQ(GuardedBytes().size(), 0U);
    EXPECT_TRUE(unmapped_by([] { GuardedBytes none(0); }).empty());
}

TEST(GuardedBytes, AreInNoCoreDump) {
    const GuardedBytes secret = filled(32, 0xa5);
    EXPECT_NE(flags_of(secret.view().data()).find(" dd "), std::string::npos);
    const Bytes other(32);
    EXPECT_EQ(flags_of(other.data()).find(" dd "), std::string::npos) << "this would tell nothing";
    EXPECT_FALSE(flags_of(other.data()).empty());
}

// Not mlock: under AddressSanitizer that does nothing, and says that it did.
bool may_lock() {
    const Byte probe = 0;
    return mlock2(&probe, sizeof probe, 0) == 0 && munlock(&probe, sizeof probe) == 0;
}

TEST(GuardedBytes, AreLockedIfTheSystemLetsThem) {
    const GuardedBytes secret(32);
    EXPECT_EQ(flags_of(secret.view().data()).find(" lo ") != std::string::npos, may_lock());
}

TEST(HardenProcess, SaysWhetherMemoryIsLockedAndGoesOnIfItIsNot) {
    EXPECT_TRUE(holds_in_a_child([] { return harden_process().locks_memory == may_lock(); }));
    EXPECT_TRUE(holds_in_a_child([] {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_MEMLOCK, &none);
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) return false;
        const bool locks = harden_process().locks_memory;
        GuardedBytes secret = filled(32, 7);
        return !locks && secret.view()[31] == 7;
    }));
}

TEST(GuardedBytes, AreWipedBeforeTheyAreGivenBack) {
    const Byte* place = nullptr;
    const auto calls = unmapped_by([&] {
        GuardedBytes secret = filled(5000, 0xa5);
        place = secret.view().data();
    });
    ASSERT_EQ(calls.size(), 1U);
    EXPECT_EQ(calls[0].address, place);
    EXPECT_EQ(calls[0].size, 5000U);
    EXPECT_TRUE(calls[0].is_wiped);
}

TEST(GuardedBytes, MoveWithoutACopyAndGoOnce) {
    const auto calls = unmapped_by([] {
        GuardedBytes first = filled(32, 1);
        const Byte* place = first.view().data();
        GuardedBytes second(std::move(first));
        EXPECT_EQ(second.view().data(), place);
        EXPECT_EQ(first.size(), 0U);
        GuardedBytes third = filled(48, 2);
        third = std::move(second);  // here the 48 bytes go
        EXPECT_EQ(third.view().data(), place);
        EXPECT_EQ(third.view()[31], 1);
        EXPECT_EQ(second.size(), 0U);
        GuardedBytes& same = third;
        third = std::move(same);
        EXPECT_EQ(third.view()[31], 1);
    });
    ASSERT_EQ(calls.size(), 2U);
    EXPECT_EQ(calls[0].size, 48U);
    EXPECT_EQ(calls[1].size, 32U);
    EXPECT_TRUE(calls[0].is_wiped && calls[1].is_wiped);
}

TEST(GuardedBytes, AreACopyOfWhatTheyAreGiven) {
    const Bytes given = {1, 2, 3};
    const GuardedBytes copy = GuardedBytes::copy_of(given);
    EXPECT_TRUE(std::ranges::equal(copy.view(), given));
}

TEST(GuardedBytes, ThrowIfTheSystemGivesNone) {
    EXPECT_THROW(GuardedBytes(std::size_t{1} << 60U), std::bad_alloc);
}

TEST(HardenProcess, ForbidsCoreDumpsAndDebuggers) {
    EXPECT_TRUE(holds_in_a_child([] {
        const rlimit some{1 << 20, 1 << 20};
        setrlimit(RLIMIT_CORE, &some);
        prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
        const Hardening done = harden_process();
        rlimit left{1, 1};
        return done.forbids_dumps && getrlimit(RLIMIT_CORE, &left) == 0 && left.rlim_cur == 0 &&
               left.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
    }));
}

}  // namespace
}  // namespace redoubt::test
