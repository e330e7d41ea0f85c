// SPDX-License-Identifier: Apache-2.0
#include <redoubt/base/place.hpp>

#include <algorithm>
#include <functional>

namespace redoubt::json {

Place Place::at(std::string_view name, const Json& member) const {
    return {member, path + ", " + shown(name)};
}

Place Place::at(std::string_view name) const { return at(name, value.at(std::string(name))); }

std::unexpected<Error> refuse(const Place& place, std::string_view what) {
    return fail(Code::BadRequest, place.path + ": " + std::string(what));
}

std::string shown(std::string_view name) {
    constexpr std::size_t longest = 64;
    std::string text(name.substr(0, longest));
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
    std::ranges::replace_if(text, std::not_fn(is_plain), '?');
    return name.size() <= longest ? text : text + "...";
}

Result<void> check_members(const Place& place, std::initializer_list<std::string_view> required,
                           std::initializer_list<std::string_view> optional) {
    if (!place.value.is_object()) return refuse(place, "is not a JSON object");
    for (std::string_view name : required) {
        if (!place.value.contains(name)) {
            return refuse(place, "has no `" + std::string(name) + "`");
        }
    }
    for (const auto& [name, value] : place.value.items()) {
        if (std::ranges::find(required, name) == required.end() &&
            std::ranges::find(optional, name) == optional.end()) {
            return refuse(place, "has a member `" + shown(name) + "` that is not known here");
        }
    }
    return {};
}

Result<const std::string*> read_text(const Place& place) {
    const auto* text = place.value.get_ptr<const std::string*>();
    if (text == nullptr) return refuse(place, "is not a text");
    return text;
}

}  // namespace redoubt::json
