// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace redoubt::io {

/// What the other side calls one of its answers, so that the answer is found again in its own
/// records. In place, as one comes with each signature.
class AnswerId {
public:
    static constexpr std::size_t max_size = 64;

    AnswerId() = default;
    /// Empty for what is longer, or has anything but letters, digits and dashes.
    explicit constexpr AnswerId(std::string_view text) {
        if (text.size() > max_size || !std::ranges::all_of(text, is_part)) return;
        std::ranges::copy(text, text_.begin());
        size_ = text.size();
    }

    [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
    [[nodiscard]] constexpr std::string_view text() const { return {text_.data(), size_}; }

private:
    [[nodiscard]] static constexpr bool is_part(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    }

    std::array<char, max_size> text_{};
    std::size_t size_ = 0;
};

}  // namespace redoubt::io
