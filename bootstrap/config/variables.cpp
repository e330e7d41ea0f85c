// SPDX-License-Identifier: Apache-2.0
#include "config/variables.hpp"

#include <algorithm>

#include "config/oddity.hpp"

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

const std::string& Variables::optional_text(std::string_view name) {
    const std::string& value = get(name);
    if (!oddity(value).empty()) wrong_value(std::string(name), value, {});
    return value;
}

const std::string& Variables::required_text(std::string_view name, std::string_view what) {
    required(name, what);
    return optional_text(name);
}

bool Variables::is_set_to(std::string_view name, std::string_view value, std::string_view other) {
    const std::string& given = get(name);
    if (!given.empty() && given != value && (other.empty() || given != other)) {
        const std::string also = other.empty() ? "" : ", `" + std::string(other) + "`";
        wrong_value(std::string(name), given,
                    "must be `" + std::string(value) + "`" + also + " or absent");
    }
    return given == value;
}

void Variables::mistake(std::string what) {
    if (std::ranges::find(mistakes_, what) == mistakes_.end()) mistakes_.push_back(std::move(what));
}

void Variables::wrong_value(const std::string& whose, std::string_view value,
                            std::string_view what) {
    const std::string odd = oddity(value);
    mistake(whose + " " + (odd.empty() ? std::string(what) : odd + ": remove it"));
}

std::string Variables::fingerprint(std::span<const std::string_view> names) const {
    std::string lines;
    for (const std::string_view name : names) {
        const std::string& value = get(name);
        if (!value.empty()) lines += std::string(name) + "=" + value + "\n";
    }
    return to_hex(crypto::sha256(bytes_of(lines)));
}

std::string entry_name(std::string_view variable, std::size_t position) {
    return std::string(variable) + ": entry " + std::to_string(position);
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
