// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <span>
#include <vector>

#include <redoubt/base/bytes.hpp>

/// The linker sends this program's own calls of munmap and getrandom here first (see
/// tests/unit/CMakeLists.txt); a test may listen to the one and answer the other.
namespace redoubt::test {

/// What munmap was given back.
struct Unmapped {
    const void* address;
    std::size_t size;
    bool is_wiped;  // at this last moment at which it can be looked at
};

/// In the order of the calls.
[[nodiscard]] std::vector<Unmapped> unmapped_by(const std::function<void()>& work);

/// What getrandom is to do: fill what it is given, and say how much of it, or set errno and say -1.
using RandomSource = std::function<ssize_t(std::span<Byte> bytes)>;
void with_random(const RandomSource& source, const std::function<void()>& work);

/// Gives 0, 1, 2, ... from each call to the next, and all that is asked for.
[[nodiscard]] RandomSource ascending_source();
[[nodiscard]] Bytes ascending(std::size_t from, std::size_t size);

}  // namespace redoubt::test
