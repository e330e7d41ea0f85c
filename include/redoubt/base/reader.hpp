// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <redoubt/base/bytes.hpp>

namespace redoubt {

/// A cursor over big-endian bytes. After the first read beyond the end it stays failed and reads
/// zeros, so a parser may read on and ask once, with `complete()`.
class Reader {
public:
    explicit Reader(ByteView bytes) : rest_(bytes) {}

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return number(4); }

    ByteView take(std::size_t count) {
        if (count > rest_.size()) {
            failed_ = true;
            rest_ = {};
            return {};
        }
        ByteView taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    template <std::size_t N>
    ByteArray<N> array() {
        ByteArray<N> out{};
        std::ranges::copy(take(N), out.begin());
        return out;
    }

    [[nodiscard]] ByteView rest() const { return rest_; }
    [[nodiscard]] bool failed() const { return failed_; }
    /// Every byte was read, and none too many.
    [[nodiscard]] bool complete() const { return !failed_ && rest_.empty(); }

private:
    std::uint32_t number(std::size_t width) {
        std::uint32_t value = 0;
        for (Byte byte : take(width)) value = (value << 8U) | byte;
        return value;
    }

    ByteView rest_;
    bool failed_ = false;
};

}  // namespace redoubt
