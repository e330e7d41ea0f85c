// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <redoubt/base/bytes.hpp>

namespace redoubt::test {

enum class Memory {
    Open,     // on the heap, on a stack, in a library's buffer
    Guarded,  // GuardedBytes
};
/// How often each half (16 bytes at either end) of one of the secrets lies in this process' memory
/// that is writable and in use. Secrets lie in the other one.
[[nodiscard]] std::size_t copies_of(const std::vector<ByteView>& secrets,
                                    Memory memory = Memory::Open);

}  // namespace redoubt::test
