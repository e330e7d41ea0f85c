// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/secret.hpp>

#include <sodium/utils.h>

namespace redoubt {

void wipe(std::span<Byte> bytes) noexcept { sodium_memzero(bytes.data(), bytes.size()); }

bool equal_in_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

void Secret::wipe() noexcept {
    // Also what lies behind the length: a moved-from short text stays in the object itself.
    text_.resize(text_.capacity());
    sodium_memzero(text_.data(), text_.size());
    text_.clear();
}

}  // namespace redoubt
