// SPDX-License-Identifier: Apache-2.0
#include "config/variables.hpp"

#include <algorithm>

#include <redoubt/base/encoding.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::bootstrap {

std::string list_mistakes(std::string text, const Mistakes& mistakes) {
    for (const std::string& mistake : mistakes) text += "\n- " + mistake;
    return text;
}

const std::string& Variables::required(std::string_view name, std::string_view what) {
    const std::string& value = get(name);
    if (value.empty()) mistake(std::string(name) + " is missing: set it to " + std::string(what));
    return value;
}

bool Variables::is_set_to(std::string_view name, std::string_view value) {
    const std::string& given = get(name);
    if (!given.empty() && given != value) {
        mistake(std::string(name) + " is `" + std::string(value) + "` or absent");
    }
    return given == value;
}

std::string Variables::fingerprint(std::span<const std::string_view> names) const {
    std::string lines;
    for (const std::string_view name : names) {
        const std::string& value = get(name);
        if (!value.empty()) lines += std::string(name) + "=" + value + "\n";
    }
    return to_hex(crypto::sha256(bytes_of(lines)));
}

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = list.find(',');
        std::string_view part = list.substr(0, end);
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        part = part.substr(0, part.find_last_not_of(' ') + 1);
        parts.emplace_back(part);
        if (end == std::string_view::npos) return parts;
        list.remove_prefix(end + 1);
    }
}

}  // namespace redoubt::bootstrap
