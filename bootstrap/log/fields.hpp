// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <redoubt/base/json.hpp>

namespace redoubt::bootstrap {

/// What a line of the log tells, written member by member: a tree of values would cost each
/// signature six times as much. Names are literals, and none comes twice.
class LogFields {
public:
    LogFields() = default;
    LogFields(std::initializer_list<std::pair<std::string_view, std::string_view>> texts);

    LogFields& add(std::string_view name, std::string_view text);
    LogFields& add_number(std::string_view name, std::int64_t number);
    /// One that is not negative.
    LogFields& add_natural(std::string_view name, std::uint64_t number);
    LogFields& add_flag(std::string_view name, bool flag);
    /// With three decimals.
    LogFields& add_ms(std::string_view name, std::chrono::duration<double, std::milli> spent);
    LogFields& add_json(std::string_view name, const Json& value);

    [[nodiscard]] bool has(std::string_view name) const {
        return std::ranges::find(names_, name) != names_.end();
    }
    [[nodiscard]] std::string text() const { return members_.text(); }

private:
    template <class Number>
    LogFields& add_whole(std::string_view name, Number number);

    ObjectText members_;
    std::vector<std::string_view> names_;
};

}  // namespace redoubt::bootstrap
