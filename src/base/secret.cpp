// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/secret.hpp>

#include <sodium/utils.h>

namespace redoubt {

void wipe(std::span<Byte> bytes) noexcept { sodium_memzero(bytes.data(), bytes.size()); }
void wipe(std::span<char> characters) noexcept {
    sodium_memzero(characters.data(), characters.size());
}

void wipe(std::string& text) noexcept {
    // Also what lies behind the length: a moved-from short text stays in the object itself.
    text.resize(text.capacity());
    sodium_memzero(text.data(), text.size());
    text.clear();
}

// Out of line in any case: its frame lies where those of the caller's other callees lay.
[[gnu::noinline]] void wipe_stack() noexcept {
    ByteArray<std::size_t{64} * 1024> left;
    wipe(left);
}

void append_wiping(std::string& to, std::string_view more) {
    if (const std::size_t size = to.size() + more.size(); size > to.capacity()) {
        std::string moved;
        moved.reserve(2 * size);
        moved.append(to);
        wipe(to);
        to = std::move(moved);
    }
    to.append(more);
}

bool equal_in_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe(text_);
        text_ = std::move(other.text_);
        wipe(other.text_);
    }
    return *this;
}

}  // namespace redoubt
