// SPDX-License-Identifier: Apache-2.0
#include "system_calls.hpp"

#include <algorithm>

namespace redoubt::test {
namespace {

std::vector<Unmapped>* listening = nullptr;
const RandomSource* answering = nullptr;

}  // namespace

std::vector<Unmapped> unmapped_by(const std::function<void()>& work) {
    std::vector<Unmapped> calls;
    calls.reserve(64);
    listening = &calls;
    work();
    listening = nullptr;
    return calls;
}

void with_random(const RandomSource& source, const std::function<void()>& work) {
    answering = &source;
    work();
    answering = nullptr;
}

RandomSource ascending_source() {
    return [next = std::size_t{0}](std::span<Byte> bytes) mutable {
        std::ranges::copy(ascending(next, bytes.size()), bytes.begin());
        next += bytes.size();
        return static_cast<ssize_t>(bytes.size());
    };
}

Bytes ascending(std::size_t from, std::size_t size) {
    Bytes bytes(size);
    for (Byte& byte : bytes) byte = static_cast<Byte>(from++);
    return bytes;
}

}  // namespace redoubt::test

// NOLINTBEGIN: these names are the linker's.
extern "C" {
int __real_munmap(void* address, std::size_t size);
int __wrap_munmap(void* address, std::size_t size) {
    using namespace redoubt;
    if (test::listening != nullptr) {
        const ByteView bytes(static_cast<const Byte*>(address), size);
        const bool is_wiped = std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; });
        test::listening->push_back({address, size, is_wiped});
    }
    return __real_munmap(address, size);
}

ssize_t __real_getrandom(void* bytes, std::size_t size, unsigned flags);
ssize_t __wrap_getrandom(void* bytes, std::size_t size, unsigned flags) {
    using namespace redoubt;
    if (test::answering == nullptr) return __real_getrandom(bytes, size, flags);
    return (*test::answering)({static_cast<Byte*>(bytes), size});
}
}
// NOLINTEND
