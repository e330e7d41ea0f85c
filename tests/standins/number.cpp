// SPDX-License-Identifier: Apache-2.0
#include "number.hpp"

#include <charconv>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

// DynamoDB developer guide, "Naming rules and data types", Number.
constexpr std::size_t max_digits = 38;
constexpr int max_exponent = 126;   // below 10^126
constexpr int min_exponent = -129;  // not below 10^-130

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits from the front of `text`.
std::string_view take_digits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    const std::string_view taken = text.substr(0, count);
    text.remove_prefix(count);
    return taken;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || !any_of.contains(text.front())) return false;
    text.remove_prefix(1);
    return true;
}

AwsException not_a_number(std::string_view text) {
    return validation("The parameter cannot be converted to a numeric value: " + std::string(text));
}

/// `e5`, `E-3`; 0 if there is nothing.
int take_exponent(std::string_view& rest, std::string_view whole) {
    if (!take(rest, "eE")) return 0;
    if (rest.starts_with('+')) rest.remove_prefix(1);
    int value = 0;
    const auto [stop, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    // Far outside of the range of a number, and far from overflowing an int.
    if (problem != std::errc{} || value > 100000 || value < -100000) throw not_a_number(whole);
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    return value;
}

}  // namespace

Number::Number(std::string_view text) {
    std::string_view rest = text;
    const bool minus = rest.starts_with('-');
    (void)take(rest, "+-");
    const std::string_view whole = take_digits(rest);
    const std::string_view fraction = take(rest, ".") ? take_digits(rest) : std::string_view{};
    if (whole.empty() && fraction.empty()) throw not_a_number(text);
    const int shift = take_exponent(rest, text);
    if (!rest.empty()) throw not_a_number(text);

    digits_ = std::string(whole) + std::string(fraction);
    exponent_ = static_cast<int>(whole.size()) + shift;
    const std::size_t zeros = std::min(digits_.find_first_not_of('0'), digits_.size());
    digits_.erase(0, zeros);
    exponent_ -= static_cast<int>(zeros);
    digits_.erase(digits_.find_last_not_of('0') + 1);
    negative_ = minus && !digits_.empty();
    if (digits_.empty()) exponent_ = 0;
    if (digits_.size() > max_digits) {
        throw validation("Attempting to store more than 38 significant digits in a Number");
    }
    if (exponent_ > max_exponent) {
        throw validation(
            "Number overflow. Attempting to store a number with magnitude larger "
            "than supported range");
    }
    if (exponent_ < min_exponent) {
        throw validation(
            "Number underflow. Attempting to store a number with magnitude smaller "
            "than supported range");
    }
}

std::string Number::text() const {
    if (digits_.empty()) return "0";
    std::string out = negative_ ? "-" : "";
    if (exponent_ <= 0)
        return out + "0." + std::string(static_cast<std::size_t>(-exponent_), '0') + digits_;
    const auto whole = static_cast<std::size_t>(exponent_);
    if (digits_.size() <= whole) return out + digits_ + std::string(whole - digits_.size(), '0');
    return out + digits_.substr(0, whole) + "." + digits_.substr(whole);
}

std::strong_ordering Number::operator<=>(const Number& other) const {
    const int sign = digits_.empty() ? 0 : negative_ ? -1 : 1;
    const int other_sign = other.digits_.empty() ? 0 : other.negative_ ? -1 : 1;
    if (sign != other_sign) return sign <=> other_sign;
    const std::strong_ordering size = exponent_ != other.exponent_
                                          ? exponent_ <=> other.exponent_
                                          : digits_.compare(other.digits_) <=> 0;
    if (sign >= 0) return size;
    return 0 <=> size;
}

}  // namespace redoubt::standins
