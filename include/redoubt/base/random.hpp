// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <redoubt/base/bytes.hpp>

namespace redoubt {

/// Bytes that nobody can guess, of the kernel's own generator. Throws if it gives none.
void fill_with_random(std::span<Byte> bytes);

}  // namespace redoubt
