// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <redoubt/base/bytes.hpp>

namespace redoubt::test {

/// How often each half (16 bytes at either end) of one of the secrets lies in this process' memory
/// that is writable, in use and not guarded: on the heap, on a stack, in a library's buffer.
[[nodiscard]] std::size_t copies_of(const std::vector<ByteView>& secrets);

}  // namespace redoubt::test
