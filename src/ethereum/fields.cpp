// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <algorithm>

namespace redoubt::ethereum {
namespace {

std::optional<std::uint64_t> number_of(const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    const auto* text = value.get_ptr<const std::string*>();
    return text == nullptr ? std::nullopt : parse_number(*text);
}

std::string bounds_text(const Bounds& bounds) {
    return "is not a whole number from " + std::to_string(bounds.lowest) + " to " +
           std::to_string(bounds.highest);
}

}  // namespace

Fields::Fields(json::Place place, std::optional<Error>& mistake)
    : place_(std::move(place)), mistake_(mistake) {
    if (!failed() && !place_.value.is_object()) {
        mistake_ = json::refuse(place_, "is not a JSON object").error();
    }
}

bool Fields::has(std::string_view name) const { return member(place_.value, name) != nullptr; }

void Fields::only(std::initializer_list<std::string_view> names) {
    if (failed()) return;
    if (auto checked = json::check_members(place_, {}, names); !checked) {
        mistake_ = std::move(checked.error());
    }
}

std::uint64_t Fields::number(std::string_view name, Bounds bounds) {
    const Json* value = find(name);
    if (value == nullptr) return 0;
    const auto read = number_of(*value);
    if (!read || *read < bounds.lowest || *read > bounds.highest) {
        refuse(name, bounds_text(bounds));
        return 0;
    }
    return *read;
}

std::uint64_t Fields::integer(std::string_view name, Bounds bounds) {
    const Json* value = find(name);
    if (value != nullptr && !value->is_number_unsigned()) refuse(name, bounds_text(bounds));
    return number(name, bounds);
}

bool Fields::boolean(std::string_view name) {
    const Json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) refuse(name, "is not true or false");
    return value->is_boolean() && value->get<bool>();
}

const std::string& Fields::text(std::string_view name) {
    static const std::string none;
    const Json* value = find(name);
    if (value == nullptr) return none;
    const auto* text = value->get_ptr<const std::string*>();
    if (text == nullptr) refuse(name, "is not a text");
    return text == nullptr ? none : *text;
}

Bytes Fields::bytes_up_to(std::string_view name, std::size_t most) {
    const std::string& given = text(name);
    const bool fits = given.size() <= 2 + 2 * most && given.starts_with("0x");
    auto read = fits ? from_hex(std::string_view(given).substr(2)) : std::nullopt;
    if (!read) refuse(name, "is not `0x` and up to " + std::to_string(most) + " bytes in hex");
    return std::move(read).value_or(Bytes());
}

Bytes Fields::bare_hex(std::string_view name, Bounds size) {
    const std::string& given = text(name);
    auto read = given.size() <= 2 * size.highest ? from_hex(given) : std::nullopt;
    if (read && read->size() >= size.lowest) return std::move(*read);
    const std::string most = std::to_string(size.highest);
    refuse(name, size.lowest == size.highest
                     ? "is not hex of " + most + " bytes"
                     : "is not hex of " + std::to_string(size.lowest) + " to " + most + " bytes");
    return Bytes(size.lowest);  // a length that its reader may count on
}

Fields Fields::object(std::string_view name) {
    static const Json none;
    const Json* value = find(name);
    return {place_.at(name, value == nullptr ? none : *value), mistake_};
}

void Fields::refuse(std::string_view name, std::string_view what) {
    if (!failed()) mistake_ = json::refuse(place_.at(name, place_.value), what).error();
}

const Json* Fields::find(std::string_view name) {
    const Json* value = failed() ? nullptr : member(place_.value, name);
    if (value == nullptr && !failed()) {
        mistake_ = json::refuse(place_, "has no `" + std::string(name) + "`").error();
    }
    return value;
}

const Json& Fields::array(std::string_view name, std::size_t most) {
    static const Json none = Json::array();
    const Json* value = find(name);
    if (value == nullptr) return none;
    const bool fits = value->is_array() && value->size() <= most;
    if (!fits) refuse(name, "is not a list of up to " + std::to_string(most) + " entries");
    return fits ? *value : none;
}

}  // namespace redoubt::ethereum
