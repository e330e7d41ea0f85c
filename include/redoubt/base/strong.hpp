// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>

namespace redoubt {

/// A value that cannot be taken for another one of the same shape: `level < round` does not
/// compile.
template <class Tag, class T>
class Strong {
public:
    constexpr Strong() = default;
    constexpr explicit Strong(T value) : value_(value) {}

    [[nodiscard]] constexpr const T& value() const { return value_; }
    constexpr auto operator<=>(const Strong&) const = default;

private:
    T value_{};
};

}  // namespace redoubt
