// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace redoubt::standins {

/// A DynamoDB number: decimal, exact, up to 38 digits.
class Number {
public:
    Number() = default;
    /// Throws AwsException (ValidationException), with the messages of DynamoDB.
    explicit Number(std::string_view text);

    /// As DynamoDB returns it: no exponent, no zeros that say nothing.
    [[nodiscard]] std::string text() const;

    std::strong_ordering operator<=>(const Number& other) const;
    bool operator==(const Number& other) const = default;

private:
    // Value: 0.digits * 10^exponent. The digits neither begin nor end with 0; zero has none.
    bool negative_ = false;
    std::string digits_;
    int exponent_ = 0;
};

}  // namespace redoubt::standins
