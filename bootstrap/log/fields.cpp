// SPDX-License-Identifier: Apache-2.0
#include "log/fields.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace redoubt::bootstrap {

LogFields::LogFields(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
    for (const auto& [name, text] : texts) add(name, text);
}

LogFields& LogFields::add(std::string_view name, std::string_view text) {
    members_.add(name, text);
    names_.push_back(name);
    return *this;
}

template <class Number>
LogFields& LogFields::add_whole(std::string_view name, Number number) {
    std::array<char, 20> digits{};
    const auto written = std::to_chars(digits.begin(), digits.end(), number);
    members_.add_verbatim(name, {digits.begin(), written.ptr});
    names_.push_back(name);
    return *this;
}

LogFields& LogFields::add_number(std::string_view name, std::int64_t number) {
    return add_whole(name, number);
}

LogFields& LogFields::add_natural(std::string_view name, std::uint64_t number) {
    return add_whole(name, number);
}

LogFields& LogFields::add_flag(std::string_view name, bool flag) {
    members_.add_verbatim(name, flag ? "true" : "false");
    names_.push_back(name);
    return *this;
}

LogFields& LogFields::add_ms(std::string_view name,
                             std::chrono::duration<double, std::milli> spent) {
    // Behind it the decimals are digits of a whole number: of 1,234 those of 234.
    const std::int64_t us = std::max<std::int64_t>(0, std::llround(spent.count() * 1000));
    std::array<char, 24> digits{};
    char* end = std::to_chars(digits.begin(), digits.end(), us / 1000).ptr;
    *end++ = '.';
    for (std::int64_t unit = 100; unit > 0; unit /= 10) {
        *end++ = static_cast<char>('0' + us / unit % 10);
    }
    members_.add_verbatim(name, {digits.begin(), end});
    names_.push_back(name);
    return *this;
}

LogFields& LogFields::add_json(std::string_view name, const Json& value) {
    members_.add_json(name, value);
    names_.push_back(name);
    return *this;
}

}  // namespace redoubt::bootstrap
