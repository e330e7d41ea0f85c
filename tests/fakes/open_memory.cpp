// SPDX-License-Identifier: Apache-2.0
#include "open_memory.hpp"

#include <fcntl.h>
#include <string.h>  // memmem
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include <redoubt/base/guarded.hpp>
#include <redoubt/base/handle.hpp>

namespace redoubt::test {

namespace {

struct Region {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
};

/// This process' memory that may hold a copy: writable, in use, and not guarded. (AddressSanitizer
/// maps terabytes of its own, in which nothing of ours lies.) Takes nothing small of the heap,
/// where what was just given back would be written over.
std::vector<Region> writable_memory(Memory memory) {
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
        } else if (text.starts_with("VmFlags:") && rights[1] == 'w' && in_use > 0 &&
                   text.contains(" dd") == (memory == Memory::Guarded) &&
                   region.end - region.begin < too_large) {
            regions.push_back(region);
        }
    }
    return regions;
}

}  // namespace

/// What is read lies in the other memory meanwhile, or it would be found once more.
std::size_t copies_of(const std::vector<ByteView>& secrets, Memory memory) {
    constexpr std::size_t half = 16;
    constexpr std::size_t size_of_part = std::size_t{1} << 20U;
    GuardedBytes guarded(memory == Memory::Open ? size_of_part : 0);
    Bytes open(memory == Memory::Open ? 0 : size_of_part);
    const std::span<Byte> part = memory == Memory::Open ? guarded.bytes() : std::span<Byte>(open);
    std::size_t found = 0;
    const int file = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    for (const Region& region : writable_memory(memory)) {
        for (std::uintptr_t at = region.begin; at < region.end; at += part.size() - half + 1) {
            const std::size_t wanted = std::min<std::size_t>(part.size(), region.end - at);
            const ssize_t size = pread(file, part.data(), wanted, static_cast<off_t>(at));
            const auto read = part.first(static_cast<std::size_t>(std::max(size, ssize_t{0})));
            for (const ByteView secret : secrets) {
                for (const ByteView wanted_half : {secret.first(half), secret.last(half)}) {
                    if (memmem(read.data(), read.size(), wanted_half.data(), half) != nullptr) {
                        ++found;
                    }
                }
            }
        }
    }
    close(file);
    return found;
}

}  // namespace redoubt::test
